import type { LiveUserInfo, SeatRequestInfo, UseCoGuestStateReturn } from '@dais/vue';
import { computed, ref, watch, type ComputedRef, type Ref } from 'vue';
import type { OwnDevices } from '../media/ownDevices';

/** How long a host has to answer. */
export const answerSeconds = 60;

/** Where someone is on the way to the stage. */
export type StagePhase = 'watching' | 'preparing' | 'asking' | 'onStage';

/** What {@link useComingOnStage} returns. */
export interface UseComingOnStageReturn {
  readonly phase: ComputedRef<StagePhase>;
  readonly application: ComputedRef<SeatRequestInfo | null>;
  /** Asks for camera and microphone, then for a place on stage. */
  readonly ask: () => Promise<void>;
  readonly cancel: () => Promise<void>;
  /** Asks for camera and microphone, then accepts an invitation. */
  readonly accept: (inviterId: string) => Promise<void>;
  readonly leave: () => Promise<void>;
}

type Guests = Pick<
  UseCoGuestStateReturn,
  'connected' | 'ownApplication' | 'applyForSeat' | 'cancelApplication' | 'acceptInvitation' | 'disConnect'
>;

/** The way of one person from the audience onto the stage and back. */
export function useComingOnStage(
  self: Readonly<Ref<LiveUserInfo | null>>,
  guests: Guests,
  devices: Pick<OwnDevices, 'open' | 'close' | 'problem'>,
): UseComingOnStageReturn {
  const preparing = ref(false);
  const isOnStage = computed(() => guests.connected.value.some(({ userId }) => userId === self.value?.userId));
  const phase = computed<StagePhase>(() => {
    if (isOnStage.value) {
      return 'onStage';
    }
    return guests.ownApplication.value !== null ? 'asking' : preparing.value ? 'preparing' : 'watching';
  });

  // The camera is on while it has a reason to be, and is let go the moment the reason is gone.
  watch(phase, (now) => {
    if (now === 'asking' || now === 'onStage') {
      preparing.value = false;
      void devices.open();
    } else if (now === 'watching' && devices.problem.value === null) {
      devices.close();
    }
  }, { immediate: true });

  /** Goes on with `step` once there is a camera or a microphone. */
  async function prepared(step: () => Promise<void>): Promise<void> {
    if (phase.value !== 'watching') {
      return;
    }
    preparing.value = true;
    try {
      if (!(await devices.open())) {
        preparing.value = false;
        return;
      }
      await step();
      endPreparingSoon();
    } catch (error) {
      preparing.value = false;
      throw error;
    }
  }

  // The answer may overtake the event that shows the application or the seat; the event ends `preparing`.
  function endPreparingSoon(): void {
    setTimeout(() => {
      preparing.value = false;
    }, 3_000);
  }

  return {
    phase,
    application: guests.ownApplication,
    ask: () => prepared(() => guests.applyForSeat({ seatIndex: -1, timeout: answerSeconds })),
    cancel: () => guests.cancelApplication(),
    accept: (inviterId) => prepared(() => guests.acceptInvitation({ inviterId })),
    leave: () => guests.disConnect(),
  };
}
