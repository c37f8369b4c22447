import { CloseCodes } from '@dais/client';
import { computed, shallowReadonly, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import { EventHub } from '../events/eventHub';
import { forgetReady, makeReady } from '../LiveView/readyPictures';
import { useSession, type EndedLive } from '../session/liveSession';
import { shared } from '../session/shared';
import {
  liveInfoOfList,
  liveInfoOfState,
  startParamsOf,
  updateParamsOf,
  wireSeatModeOf,
  type LiveInfo,
  type StartLiveParams,
  type UpdateLiveParams,
} from './liveInfo';

export { SeatMode, type LiveInfo, type StartLiveParams, type UpdateLiveParams } from './liveInfo';

/** How a live ends for someone who did not leave it. */
export const LiveListEvent = { onLiveEnded: 'onLiveEnded', onKickedOutOfLive: 'onKickedOutOfLive' } as const;
export type LiveListEvent = (typeof LiveListEvent)[keyof typeof LiveListEvent];

/** Who ended a live. */
export const LiveEndedReason = { endedByHost: 1, endedByServer: 2 } as const;
export type LiveEndedReason = (typeof LiveEndedReason)[keyof typeof LiveEndedReason];

/** Why someone was put out of a live. */
export const LiveKickedOutReason = {
  byAdmin: 0,
  byLoggedOnOtherDevice: 1,
  byServer: 2,
  forNetworkDisconnected: 3,
  forJoinRoomStatusInvalidDuringOffline: 4,
  forCountOfJoinedRoomsExceedLimit: 5,
} as const;
export type LiveKickedOutReason = (typeof LiveKickedOutReason)[keyof typeof LiveKickedOutReason];

/** What the events of {@link useLiveListState} bring along. */
export interface LiveListEventPayloads {
  /** `message` is `hostTimeout` when the host did not come back in time, else empty. */
  onLiveEnded: { liveId: string; reason: LiveEndedReason; message: string };
  onKickedOutOfLive: { liveId: string; reason: LiveKickedOutReason; message: string };
}

/** What {@link useLiveListState} returns. */
export interface UseLiveListStateReturn {
  /** The live this user is in; null while they are in none. */
  readonly currentLive: ComputedRef<LiveInfo | null>;
  /** What this user may do in it. */
  readonly currentRole: ComputedRef<'host' | 'admin' | 'audience' | null>;
  readonly liveList: Readonly<ShallowRef<readonly LiveInfo[]>>;
  /** Where the next page starts; empty at the end. */
  readonly liveListCursor: Readonly<ShallowRef<string>>;
  /** Goes live. The owner of a live that is on already gets it back. */
  readonly startLive: (live: StartLiveParams) => Promise<LiveInfo>;
  /** The older name of `startLive`. */
  readonly createLive: (live: StartLiveParams) => Promise<LiveInfo>;
  readonly joinLive: (live: { liveId: string }) => Promise<LiveInfo>;
  /**
   * Opens what a live will be received by, for one that may be joined soon: its picture comes with the answer then.
   * Tells whether that is done; never throws. It lasts 25 s, two lives at most.
   */
  readonly prepareLive: (live: { liveId: string }) => Promise<boolean>;
  /** Lets go of what `prepareLive` has opened. */
  readonly dropPreparedLive: (live: { liveId: string }) => void;
  /** Leaves the live. A host who leaves has the host's grace to come back before it ends. */
  readonly leaveLive: () => Promise<void>;
  /** Ends the live for everyone (host). */
  readonly endLive: () => Promise<void>;
  readonly updateLiveInfo: (update: UpdateLiveParams) => Promise<void>;
  /** Fetches a page; without a cursor the first, which replaces the list. */
  readonly fetchLiveList: (page?: { cursor?: string; count?: number }) => Promise<void>;
  readonly subscribeEvent: EventHub<LiveListEventPayloads>['subscribeEvent'];
  readonly unsubscribeEvent: EventHub<LiveListEventPayloads>['unsubscribeEvent'];
}

/** The lives there are, and the one this user is in: one for the whole app. */
export const useLiveListState: () => UseLiveListStateReturn = shared(() => {
  const session = useSession();
  const hub = new EventHub<LiveListEventPayloads>();
  const liveList = shallowRef<readonly LiveInfo[]>([]);
  const liveListCursor = shallowRef('');
  session.observe({ onEnded: (ended) => tellEnd(hub, ended) });

  const startLive = async (live: StartLiveParams): Promise<LiveInfo> => {
    const room = await session.enter(live.liveId, (client) => client.startRoom(startParamsOf(live)));
    return liveInfoOfState(room.state.get());
  };

  return {
    currentLive: computed(() => (session.state.value === null ? null : liveInfoOfState(session.state.value))),
    currentRole: computed(() => session.state.value?.role ?? null),
    liveList: shallowReadonly(liveList),
    liveListCursor: shallowReadonly(liveListCursor),
    startLive,
    createLive: startLive,
    joinLive: async ({ liveId }) => {
      const room = await session.enter(liveId, (client) => client.joinRoom(liveId));
      return liveInfoOfState(room.state.get());
    },
    prepareLive: async ({ liveId }) => {
      const { client } = session;
      const done = client?.prepareRoom(liveId) ?? Promise.resolve(false);
      // The host's, as a rule.
      const [first] = client?.preparedStreams(liveId) ?? [];
      if (first !== undefined) {
        makeReady(first);
      }
      return done;
    },
    dropPreparedLive: ({ liveId }) => {
      const { client } = session;
      client?.preparedStreams(liveId).forEach(forgetReady);
      client?.dropPreparedRoom(liveId);
    },
    leaveLive: () => session.leave(),
    endLive: async () => session.requireRoom().end(),
    updateLiveInfo: async (update) => {
      const room = session.requireRoom();
      const changes = updateParamsOf(update);
      if (Object.keys(changes).length > 0) {
        await room.update(changes);
      }
      if (update.seatMode !== undefined) {
        await room.setSeatMode(wireSeatModeOf(update.seatMode));
      }
    },
    fetchLiveList: async ({ cursor = '', count = 20 } = {}) => {
      const page = await session.requireClient().listRooms({ cursor, count });
      const lives = page.rooms.map(liveInfoOfList);
      const known = new Set(lives.map(({ liveId }) => liveId));
      const before = cursor === '' ? [] : liveList.value.filter(({ liveId }) => !known.has(liveId));
      liveList.value = [...before, ...lives];
      liveListCursor.value = page.cursor;
    },
    subscribeEvent: hub.subscribeEvent,
    unsubscribeEvent: hub.unsubscribeEvent,
  };
});

function tellEnd(hub: EventHub<LiveListEventPayloads>, { state, error }: EndedLive): void {
  const liveId = state.roomId;
  switch (state.closed) {
    case 'host':
      hub.raise('onLiveEnded', { liveId, reason: LiveEndedReason.endedByHost, message: '' });
      break;
    case 'server':
    case 'hostTimeout': {
      const message = state.closed === 'hostTimeout' ? 'hostTimeout' : '';
      hub.raise('onLiveEnded', { liveId, reason: LiveEndedReason.endedByServer, message });
      break;
    }
    case 'kicked':
      hub.raise('onKickedOutOfLive', { liveId, reason: LiveKickedOutReason.byAdmin, message: '' });
      break;
    case 'gone': {
      const reason = LiveKickedOutReason.forJoinRoomStatusInvalidDuringOffline;
      hub.raise('onKickedOutOfLive', { liveId, reason, message: '' });
      break;
    }
    case 'connectionClosed':
      hub.raise('onKickedOutOfLive', { liveId, reason: dismissal(error?.code), message: error?.message ?? '' });
      break;
    case 'left':
    case null:
      break;
  }
}

/** Which reason the code stands for that the connection was closed with. */
function dismissal(code: number | undefined): LiveKickedOutReason {
  switch (code) {
    case CloseCodes.replaced:
      return LiveKickedOutReason.byLoggedOnOtherDevice;
    case CloseCodes.kicked:
      return LiveKickedOutReason.byServer;
    default:
      return LiveKickedOutReason.forNetworkDisconnected;
  }
}
