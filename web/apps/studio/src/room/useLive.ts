import { LiveListEvent, LiveEndedReason, LiveKickedOutReason, useLiveListState, useLoginState } from '@dais/vue';
import type { LiveInfo, LiveListEventPayloads, LiveUserInfo } from '@dais/vue';
import { computed, onScopeDispose, ref, shallowReadonly, shallowRef, watch } from 'vue';
import type { ComputedRef, Ref, ShallowRef } from 'vue';
import { isRoomGone, textOfError } from '../session/errorText';
import { eventsOf } from '../session/eventsOf';
import { useSession } from '../session/useSession';
import { closedText, type LiveEnd } from './roomTexts';

/** What is left of a live that is over. */
export interface LiveOver {
  readonly title: string;
  readonly text: string;
  readonly owner: LiveUserInfo;
}

/** What {@link useLive} returns. */
export interface UseLiveReturn {
  /** The live, while this person is in it. */
  readonly live: ComputedRef<LiveInfo | null>;
  readonly isHost: ComputedRef<boolean>;
  readonly self: ComputedRef<LiveUserInfo | null>;
  readonly over: Readonly<ShallowRef<LiveOver | null>>;
  /** Why the live could not be entered. */
  readonly failure: Readonly<Ref<{ text: string; gone: boolean } | null>>;
  /** Enters the live, or tries again. */
  readonly enter: () => Promise<void>;
}

type Ended = LiveListEventPayloads['onLiveEnded'];
type PutOut = LiveListEventPayloads['onKickedOutOfLive'];

/** A live as the page shows it: entered when asked to, left with the page. */
export function useLive(liveId: string): UseLiveReturn {
  const { signIn } = useSession();
  const { loginUserInfo } = useLoginState();
  const lives = useLiveListState();
  const live = computed(() => (lives.currentLive.value?.liveId === liveId ? lives.currentLive.value : null));
  const isHost = computed(() => lives.currentRole.value === 'host');
  const over = shallowRef<LiveOver | null>(null);
  const failure = ref<{ text: string; gone: boolean } | null>(null);
  let last: { owner: LiveUserInfo; wasHost: boolean } | null = null;
  let disposed = false;

  // The end is told after the live is gone from the state.
  watch(
    live,
    (now) => {
      if (now !== null) {
        last = { owner: now.liveOwner, wasHost: isHost.value };
      }
    },
    { immediate: true, flush: 'sync' },
  );

  const end = (ended: { liveId: string }, how: LiveEnd): void => {
    if (ended.liveId === liveId && last !== null) {
      over.value = { ...closedText(how, last.wasHost), owner: last.owner };
    }
  };
  const on = eventsOf<LiveListEventPayloads>(lives);
  on(LiveListEvent.onLiveEnded, (ended) => end(ended, howEnded(ended)));
  on(LiveListEvent.onKickedOutOfLive, (putOut) => end(putOut, howPutOut(putOut)));

  async function enter(): Promise<void> {
    failure.value = null;
    try {
      await signIn();
      if (!disposed) {
        await lives.joinLive({ liveId });
      }
    } catch (error) {
      failure.value = { text: textOfError(error), gone: isRoomGone(error) };
    }
  }

  onScopeDispose(() => {
    disposed = true;
    // Going away cannot fail from the person's point of view: the server notices in any case.
    lives.leaveLive().catch(() => undefined);
  });

  return { live, isHost, self: loginUserInfo, over: shallowReadonly(over), failure, enter };
}

function howEnded({ reason, message }: Ended): LiveEnd {
  return reason === LiveEndedReason.endedByHost ? 'host' : message === 'hostTimeout' ? 'hostTimeout' : 'server';
}

function howPutOut({ reason }: PutOut): LiveEnd {
  switch (reason) {
    case LiveKickedOutReason.byAdmin:
    case LiveKickedOutReason.byServer:
      return 'kicked';
    case LiveKickedOutReason.forJoinRoomStatusInvalidDuringOffline:
      return 'gone';
    default:
      return 'disconnected';
  }
}
