import type { Device, DeviceOrder, MovePolicy } from '@dais/client';
import { computed, type ComputedRef } from 'vue';
import { EventHub } from '../events/eventHub';
import { seatInfoOf, type SeatInfo } from '../people/people';
import { useSession } from '../session/liveSession';
import { shared } from '../session/shared';
import { useDeviceState } from '../useDeviceState';
import { useOwnDeviceOrders } from './ownDevices';

/** What happens to who sits where someone is moved to. */
export const MoveSeatPolicy = { AbortWhenOccupied: 0, ForceReplace: 1, SwapPosition: 2 } as const;
export type MoveSeatPolicy = (typeof MoveSeatPolicy)[keyof typeof MoveSeatPolicy];

/** How a remote device is opened: it is allowed again, and its user switches it on. */
export const DeviceControlPolicy = { UnlockOnly: 1 } as const;
export type DeviceControlPolicy = (typeof DeviceControlPolicy)[keyof typeof DeviceControlPolicy];

/** What hosts and admins do to the own devices. */
export const LiveSeatEvent = {
  onLocalCameraOpenedByAdmin: 'onLocalCameraOpenedByAdmin',
  onLocalCameraClosedByAdmin: 'onLocalCameraClosedByAdmin',
  onLocalMicrophoneOpenedByAdmin: 'onLocalMicrophoneOpenedByAdmin',
  onLocalMicrophoneClosedByAdmin: 'onLocalMicrophoneClosedByAdmin',
} as const;
export type LiveSeatEvent = (typeof LiveSeatEvent)[keyof typeof LiveSeatEvent];

/** What the events of {@link useLiveSeatState} bring along. */
export interface LiveSeatEventPayloads {
  onLocalCameraOpenedByAdmin: { policy: DeviceControlPolicy };
  onLocalCameraClosedByAdmin: void;
  onLocalMicrophoneOpenedByAdmin: { policy: DeviceControlPolicy };
  onLocalMicrophoneClosedByAdmin: void;
}

/** What the regions of the seats are parts of, in pixels. */
export interface LiveCanvas {
  readonly width: number;
  readonly height: number;
  readonly background: string;
}

interface OpenDevice {
  userId: string;
  policy?: DeviceControlPolicy;
}

interface CloseDevice {
  userId: string;
  /** Whether it stays closed until it is opened again by a host or admin; default true. */
  lock?: boolean;
}

/** What {@link useLiveSeatState} returns. */
export interface UseLiveSeatStateReturn {
  readonly seatList: ComputedRef<readonly SeatInfo[]>;
  readonly canvas: ComputedRef<LiveCanvas>;
  /** Sits down without asking (host, admin; everybody in free mode); -1 is the lowest free seat. */
  readonly takeSeat: (seat: { seatIndex: number }) => Promise<void>;
  readonly leaveSeat: () => Promise<void>;
  /** Nobody is seated on a locked seat; who sits there already stays. */
  readonly lockSeat: (seat: { seatIndex: number }) => Promise<void>;
  readonly unlockSeat: (seat: { seatIndex: number }) => Promise<void>;
  /** The older spelling of `unlockSeat`. */
  readonly unLockSeat: (seat: { seatIndex: number }) => Promise<void>;
  readonly kickUserOutOfSeat: (user: { userId: string }) => Promise<void>;
  readonly moveUserToSeat: (move: { userId: string; targetIndex: number; policy?: MoveSeatPolicy }) => Promise<void>;
  readonly openRemoteCamera: (device: OpenDevice) => Promise<void>;
  readonly closeRemoteCamera: (device: CloseDevice) => Promise<void>;
  readonly openRemoteMicrophone: (device: OpenDevice) => Promise<void>;
  readonly closeRemoteMicrophone: (device: CloseDevice) => Promise<void>;
  /** Stops sending the own microphone, which stays open. */
  readonly muteMicrophone: () => Promise<void>;
  readonly unmuteMicrophone: () => Promise<void>;
  readonly subscribeEvent: EventHub<LiveSeatEventPayloads>['subscribeEvent'];
  readonly unsubscribeEvent: EventHub<LiveSeatEventPayloads>['unsubscribeEvent'];
}

const movePolicies: Readonly<Record<MoveSeatPolicy, MovePolicy>> = { 0: 'abort', 1: 'replace', 2: 'swap' };
const noCanvas: LiveCanvas = { width: 0, height: 0, background: '#000000' };

/** The seats of the live this user is in: one for the whole app. */
export const useLiveSeatState: () => UseLiveSeatStateReturn = shared(() => {
  const session = useSession();
  const hub = new EventHub<LiveSeatEventPayloads>();
  const orders = useOwnDeviceOrders();
  orders.subscribeEvent('closed', (device) => hub.raise(closedEvents[device], undefined));
  orders.subscribeEvent('unlocked', (device) =>
    hub.raise(openedEvents[device], { policy: DeviceControlPolicy.UnlockOnly }),
  );

  const order = async (device: Device, userId: string, what: DeviceOrder): Promise<void> =>
    session.requireRoom().setSeatDevice(userId, { [device]: what });
  const devices = useDeviceState();
  const unlockSeat = async ({ seatIndex }: { seatIndex: number }): Promise<void> =>
    session.requireRoom().unlockSeat(seatIndex);

  return {
    seatList: computed(() => {
      const state = session.state.value;
      return state === null ? [] : state.seats.map((seat) => seatInfoOf(seat, state));
    }),
    canvas: computed(() => ({ ...noCanvas, ...session.state.value?.canvas })),
    takeSeat: async ({ seatIndex }) => session.requireRoom().takeSeat(seatIndex),
    leaveSeat: async () => session.requireRoom().leaveSeat(),
    lockSeat: async ({ seatIndex }) => session.requireRoom().lockSeat(seatIndex),
    unlockSeat,
    unLockSeat: unlockSeat,
    kickUserOutOfSeat: async ({ userId }) => session.requireRoom().kickFromSeat(userId),
    moveUserToSeat: async ({ userId, targetIndex, policy = MoveSeatPolicy.AbortWhenOccupied }) => {
      const room = session.requireRoom();
      const isSelf = userId === room.state.get().selfId;
      await room.moveSeat(targetIndex, { ...(isSelf ? {} : { userId }), policy: movePolicies[policy] });
    },
    openRemoteCamera: ({ userId }) => order('camera', userId, 'unlocked'),
    closeRemoteCamera: ({ userId, lock = true }) => order('camera', userId, lock ? 'locked' : 'off'),
    openRemoteMicrophone: ({ userId }) => order('microphone', userId, 'unlocked'),
    closeRemoteMicrophone: ({ userId, lock = true }) => order('microphone', userId, lock ? 'locked' : 'off'),
    muteMicrophone: () => devices.muteLocalAudio(),
    unmuteMicrophone: () => devices.unmuteLocalAudio(),
    subscribeEvent: hub.subscribeEvent,
    unsubscribeEvent: hub.unsubscribeEvent,
  };
});

const closedEvents = { camera: 'onLocalCameraClosedByAdmin', microphone: 'onLocalMicrophoneClosedByAdmin' } as const;
const openedEvents = { camera: 'onLocalCameraOpenedByAdmin', microphone: 'onLocalMicrophoneOpenedByAdmin' } as const;
