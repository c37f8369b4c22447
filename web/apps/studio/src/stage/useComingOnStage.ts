import { ownApplication, ownSeat, type SeatRequest, type Room, type RoomState } from '@dais/client';
import { computed, ref, watch, type ComputedRef, type Ref } from 'vue';
import type { LocalMedia } from '../media/localMedia';

/** How long a host has to answer. */
export const answerSeconds = 60;

/** Where someone is on the way to the stage. */
export type StagePhase = 'watching' | 'preparing' | 'asking' | 'onStage';

/** What {@link useComingOnStage} returns. */
export interface UseComingOnStageReturn {
  readonly phase: ComputedRef<StagePhase>;
  readonly application: ComputedRef<SeatRequest | null>;
  /** Asks for camera and microphone, then for a place on stage. */
  readonly ask: () => Promise<void>;
  readonly cancel: () => Promise<void>;
  readonly leave: () => Promise<void>;
}

/** The way of one person from the audience onto the stage and back. */
export function useComingOnStage(
  room: Readonly<Ref<Room | null>>,
  state: Readonly<Ref<RoomState | null>>,
  media: LocalMedia,
): UseComingOnStageReturn {
  const preparing = ref(false);
  const application = computed(() => (state.value === null ? null : ownApplication(state.value)));
  const phase = computed<StagePhase>(() => {
    if (state.value !== null && ownSeat(state.value) !== null) {
      return 'onStage';
    }
    return application.value !== null ? 'asking' : preparing.value ? 'preparing' : 'watching';
  });

  // The camera is on while it has a reason to be, and is let go the moment the reason is gone.
  watch(phase, (now) => {
    if (now === 'asking' || now === 'onStage') {
      preparing.value = false;
      void media.open();
    } else if (now === 'watching' && media.status.value !== 'failed') {
      media.close();
    }
  }, { immediate: true });

  async function ask(): Promise<void> {
    const to = room.value;
    if (to === null || phase.value !== 'watching') {
      return;
    }
    preparing.value = true;
    try {
      if (!(await media.open())) {
        preparing.value = false;
        return;
      }
      const { seated } = await to.applyForSeat({ timeout: answerSeconds });
      // The answer may overtake the event that shows the application or the seat; the event ends `preparing`.
      if (!seated && application.value === null) {
        endPreparingSoon();
      }
    } catch (error) {
      preparing.value = false;
      throw error;
    }
  }

  function endPreparingSoon(): void {
    setTimeout(() => {
      preparing.value = false;
    }, 3_000);
  }

  return {
    phase,
    application,
    ask,
    cancel: async () => {
      await room.value?.cancelApplication();
    },
    leave: async () => {
      await room.value?.leaveSeat();
    },
  };
}
