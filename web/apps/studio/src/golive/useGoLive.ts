import { useLiveListState } from '@dais/vue';
import { ref, type Ref } from 'vue';
import { textOfError } from '../session/errorText';
import { useSession } from '../session/useSession';
import { createRoomId } from './roomId';

/** Seats on a stage: the host and up to eight guests, as many as the layouts have places for. */
const maxSeatCount = 9;
const titleLengthMax = 80;

/** What {@link useGoLive} returns. */
export interface UseGoLiveReturn {
  readonly busy: Readonly<Ref<boolean>>;
  readonly failure: Readonly<Ref<string | null>>;
  /** Starts a live and gives its id; null when that failed. */
  readonly start: (title: string, layoutId: number) => Promise<string | null>;
}

/** Starting a live. */
export function useGoLive(): UseGoLiveReturn {
  const { signIn } = useSession();
  const { startLive } = useLiveListState();
  const busy = ref(false);
  const failure = ref<string | null>(null);

  async function start(title: string, layoutId: number): Promise<string | null> {
    busy.value = true;
    failure.value = null;
    try {
      await signIn();
      const live = await startLive({
        liveId: createRoomId((count) => crypto.getRandomValues(new Uint8Array(count))),
        liveName: title.trim().slice(0, titleLengthMax),
        seatLayoutTemplateId: layoutId,
        maxSeatCount,
      });
      return live.liveId;
    } catch (error) {
      failure.value = textOfError(error);
      return null;
    } finally {
      busy.value = false;
    }
  }

  return { busy, failure, start };
}
