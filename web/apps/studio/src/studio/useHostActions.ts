import { useCoGuestState, useLiveListState, useLiveSeatState } from '@dais/vue';
import { readonly, ref, shallowReadonly, shallowRef, type Ref, type ShallowRef } from 'vue';
import { textOfError } from '../session/errorText';

/** What {@link useHostActions} returns. */
export interface UseHostActionsReturn {
  /** Ids of the people something is under way for. */
  readonly busyWith: Readonly<ShallowRef<ReadonlySet<string>>>;
  readonly ending: Readonly<Ref<boolean>>;
  readonly accept: (userId: string) => Promise<void>;
  readonly reject: (userId: string) => Promise<void>;
  readonly takeOffStage: (userId: string) => Promise<void>;
  readonly end: () => Promise<void>;
}

/** What a host may do; a refusal is told in a sentence. */
export function useHostActions(tell: (text: string) => void): UseHostActionsReturn {
  const { acceptApplication, rejectApplication } = useCoGuestState();
  const { kickUserOutOfSeat } = useLiveSeatState();
  const { endLive } = useLiveListState();
  const busyWith = shallowRef<ReadonlySet<string>>(new Set());
  const ending = ref(false);

  async function on(userId: string, action: () => Promise<void>): Promise<void> {
    if (busyWith.value.has(userId)) {
      return;
    }
    busyWith.value = new Set([...busyWith.value, userId]);
    try {
      await action();
    } catch (error) {
      tell(textOfError(error));
    } finally {
      busyWith.value = new Set([...busyWith.value].filter((other) => other !== userId));
    }
  }

  return {
    busyWith: shallowReadonly(busyWith),
    ending: readonly(ending),
    accept: (userId) => on(userId, () => acceptApplication({ userId })),
    reject: (userId) => on(userId, () => rejectApplication({ userId })),
    takeOffStage: (userId) => on(userId, () => kickUserOutOfSeat({ userId })),
    end: async () => {
      ending.value = true;
      try {
        await endLive();
      } catch (error) {
        tell(textOfError(error));
      } finally {
        ending.value = false;
      }
    },
  };
}
