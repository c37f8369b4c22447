import type { Room, RoomMessage } from '@dais/client';
import { computed, type ComputedRef } from 'vue';
import { EventHub } from '../events/eventHub';
import { userInfoOf, type LiveUserInfo } from '../people/people';
import { useSession } from '../session/liveSession';
import { shared } from '../session/shared';

/** What kind of barrage it is. */
export const BarrageType = { text: 0, custom: 1 } as const;
export type BarrageType = (typeof BarrageType)[keyof typeof BarrageType];

/** What is told of barrages. */
export const BarrageEvent = {
  onBarrageReceived: 'onBarrageReceived',
} as const;
export type BarrageEvent = (typeof BarrageEvent)[keyof typeof BarrageEvent];

/** A message in a live. */
export interface Barrage {
  readonly liveId: string;
  readonly sender: LiveUserInfo;
  /** Its place in the live: later ones have higher numbers. */
  readonly sequence: number;
  readonly timestampInSecond: number;
  readonly messageType: BarrageType;
  /** What to read; empty for a custom one. */
  readonly textContent: string;
  /** What came with a text. */
  readonly extensionInfo: Readonly<Record<string, string>>;
  /** Which of the application's messages it is; empty for a text. */
  readonly businessId: string;
  /** What the application makes of it; empty for a text. */
  readonly data: string;
}

/** What the events of {@link useBarrageState} bring along. */
export interface BarrageEventPayloads {
  onBarrageReceived: { barrage: Barrage };
}

/** What {@link useBarrageState} returns. */
export interface UseBarrageStateReturn {
  /** At most 50 messages, the latest last, those from before this user came among them. */
  readonly messageList: ComputedRef<readonly Barrage[]>;
  /** Whether a host or admin has forbidden this user to write; that nobody may is said by `currentLive`. */
  readonly isMessageDisabled: ComputedRef<boolean>;
  readonly sendTextMessage: (message: { text: string; extensionInfo?: Record<string, string> }) => Promise<void>;
  readonly sendCustomMessage: (message: { businessId: string; data: string }) => Promise<void>;
  /** The messages before one the list has or had, at most 50, the latest last; none when the live has kept none. */
  readonly listEarlierMessages: (before: { sequence: number }) => Promise<readonly Barrage[]>;
  readonly subscribeEvent: EventHub<BarrageEventPayloads>['subscribeEvent'];
  readonly unsubscribeEvent: EventHub<BarrageEventPayloads>['unsubscribeEvent'];
}

/** What is written in the live this user is in: one for the whole app. */
export const useBarrageState: () => UseBarrageStateReturn = shared(() => {
  const session = useSession();
  const hub = new EventHub<BarrageEventPayloads>();

  session.observe({
    onEntered: (room) => {
      // Those from before; a live shows its messages all the same when they cannot be had.
      room.loadMessages().catch(() => undefined);
      room.on('message', (data, { seq, at }) => {
        hub.raise('onBarrageReceived', { barrage: barrageOf(room.roomId, { ...data, seq, at }) });
      });
    },
  });

  const requireRoom = (): Room => session.requireRoom();
  return {
    messageList: computed(() => {
      const state = session.state.value;
      return state === null ? [] : state.messages.map((message) => barrageOf(state.roomId, message));
    }),
    isMessageDisabled: computed(() => session.state.value?.messageDisabled ?? false),
    sendTextMessage: async ({ text, extensionInfo }) => {
      const extension = extensionInfo === undefined ? {} : { data: JSON.stringify(extensionInfo) };
      await requireRoom().sendMessage(text, extension);
    },
    sendCustomMessage: async ({ businessId, data }) => {
      await requireRoom().sendCustomMessage(data, { customType: businessId });
    },
    listEarlierMessages: async ({ sequence }) => {
      const room = requireRoom();
      const messages = await room.messageHistory({ beforeSeq: sequence });
      return messages.map((message) => barrageOf(room.roomId, message));
    },
    subscribeEvent: hub.subscribeEvent,
    unsubscribeEvent: hub.unsubscribeEvent,
  };
});

function barrageOf(liveId: string, message: RoomMessage): Barrage {
  const isText = message.kind === 'text';
  return {
    liveId,
    sender: userInfoOf(message.from),
    sequence: message.seq,
    timestampInSecond: Math.floor(message.at / 1000),
    messageType: isText ? BarrageType.text : BarrageType.custom,
    textContent: message.text ?? '',
    extensionInfo: isText ? extensionOf(message.data) : {},
    businessId: isText ? '' : (message.customType ?? ''),
    data: isText ? '' : (message.data ?? ''),
  };
}

/** What another client wrote beside a text; what is no table of texts is left out. */
function extensionOf(data: string | undefined): Record<string, string> {
  try {
    const value: unknown = JSON.parse(data ?? '{}');
    const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return {};
  }
}
