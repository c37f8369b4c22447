import {
  MoveSeatPolicy,
  useCoGuestState,
  useLiveAudienceState,
  useLiveListState,
  useLiveSeatState,
  type SeatInfo,
} from '@dais/vue';
import { readonly, ref, type Ref, type ShallowRef } from 'vue';
import { useAttempt } from '../session/useAttempt';
import { useBusyWith } from '../session/useBusyWith';

/** How long someone has to answer an invitation. */
const invitationSeconds = 60;

export type DeviceName = 'microphone' | 'camera';

/** What a host does to a guest's device: off for now, off for good, allowed again. */
export type DeviceOrder = 'off' | 'lock' | 'unlock';

/** What {@link useHostActions} returns. */
export interface UseHostActionsReturn {
  /** Ids of the people something is under way for. */
  readonly busyWith: Readonly<ShallowRef<ReadonlySet<string>>>;
  readonly ending: Readonly<Ref<boolean>>;
  readonly accept: (userId: string) => Promise<void>;
  readonly reject: (userId: string) => Promise<void>;
  readonly invite: (userId: string) => Promise<void>;
  readonly cancelInvitation: (userId: string) => Promise<void>;
  readonly takeOffStage: (userId: string) => Promise<void>;
  readonly order: (userId: string, device: DeviceName, order: DeviceOrder) => Promise<void>;
  /** Forbids someone to write, or allows it again. */
  readonly setMessagesOff: (userId: string, off: boolean) => Promise<void>;
  /** Forbids everyone but hosts to write, or allows it again. */
  readonly setAllMessagesOff: (off: boolean) => Promise<void>;
  /** Moves someone; two people change places. */
  readonly move: (userId: string, to: SeatInfo) => Promise<void>;
  readonly toggleLock: (seat: SeatInfo) => Promise<void>;
  readonly setLayout: (layoutId: number) => Promise<void>;
  readonly end: () => Promise<void>;
}

/** What a host may do; a refusal is told in a sentence. */
export function useHostActions(tell: (text: string) => void): UseHostActionsReturn {
  const guests = useCoGuestState();
  const seats = useLiveSeatState();
  const { disableSendMessage } = useLiveAudienceState();
  const { endLive, updateLiveInfo } = useLiveListState();
  const attempt = useAttempt(tell);
  const busy = useBusyWith();
  const ending = ref(false);
  const on = (userId: string, action: () => Promise<void>): Promise<void> =>
    busy.on(userId, () => attempt(action()));

  const orders: Readonly<Record<DeviceName, (userId: string, order: DeviceOrder) => Promise<void>>> = {
    microphone: (userId, order) =>
      order === 'unlock'
        ? seats.openRemoteMicrophone({ userId })
        : seats.closeRemoteMicrophone({ userId, lock: order === 'lock' }),
    camera: (userId, order) =>
      order === 'unlock'
        ? seats.openRemoteCamera({ userId })
        : seats.closeRemoteCamera({ userId, lock: order === 'lock' }),
  };

  return {
    busyWith: busy.busyWith,
    ending: readonly(ending),
    accept: (userId) => on(userId, () => guests.acceptApplication({ userId })),
    reject: (userId) => on(userId, () => guests.rejectApplication({ userId })),
    invite: (userId) => on(userId, () => guests.inviteToSeat({ userId, seatIndex: -1, timeout: invitationSeconds })),
    cancelInvitation: (userId) => on(userId, () => guests.cancelInvitation({ inviteeId: userId })),
    takeOffStage: (userId) => on(userId, () => seats.kickUserOutOfSeat({ userId })),
    order: (userId, device, order) => on(userId, () => orders[device](userId, order)),
    setMessagesOff: (userId, off) => on(userId, () => disableSendMessage({ userId, isDisable: off })),
    setAllMessagesOff: async (off) => {
      await attempt(updateLiveInfo({ isMessageDisableForAllUser: off }));
    },
    move: (userId, to) => {
      const policy = to.userInfo ? MoveSeatPolicy.SwapPosition : MoveSeatPolicy.AbortWhenOccupied;
      return on(userId, () => seats.moveUserToSeat({ userId, targetIndex: to.index, policy }));
    },
    toggleLock: async ({ index, isLocked }) => {
      await attempt(isLocked ? seats.unlockSeat({ seatIndex: index }) : seats.lockSeat({ seatIndex: index }));
    },
    setLayout: async (layoutId) => {
      await attempt(updateLiveInfo({ seatLayoutTemplateId: layoutId }));
    },
    end: async () => {
      ending.value = true;
      await attempt(endLive());
      ending.value = false;
    },
  };
}
