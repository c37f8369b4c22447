import type { Device, Room, Seat } from '@dais/client';
import { EventHub } from '../events/eventHub';
import { useSession } from '../session/liveSession';
import { shared } from '../session/shared';

/** What hosts and admins do to this user's own microphone and camera. */
export interface OwnDeviceOrders {
  closed: Device;
  /** Allowed again; nobody's device is ever switched on for them. */
  unlocked: Device;
}

type Hub = EventHub<OwnDeviceOrders>;

const devices = ['microphone', 'camera'] as const;

/**
 * Hears what hosts and admins do to this user's own devices. The server tells states, not orders: a lock is plain, also
 * in a snapshot after a lost connection; that a device went off while it is being sent can only be another's doing.
 */
export const useOwnDeviceOrders: () => Hub = shared(() => {
  const session = useSession();
  const hub: Hub = new EventHub();

  session.observe({
    onEntered: (room) => {
      let now = ownSeatOf(room);
      let before = now;
      room.state.subscribe(({ closed }) => {
        before = now;
        now = closed === null ? ownSeatOf(room) : null;
        tellLocks(before, now, hub);
      });
      // Told right after the state it belongs to: `before` and `now` are the seat on either side of it.
      room.on('seat.changed', () => tellSwitchedOff(room, before, now, hub));
    },
  });
  return hub;
});

function ownSeatOf(room: Room): Seat | null {
  const { seats, selfId } = room.state.get();
  return seats.find(({ user }) => user?.userId === selfId) ?? null;
}

function tellLocks(before: Seat | null, now: Seat | null, hub: Hub): void {
  if (before === null || now === null) {
    return;
  }
  for (const device of devices) {
    const isLocked = now[device] === 'locked';
    if (isLocked !== (before[device] === 'locked')) {
      hub.raise(isLocked ? 'closed' : 'unlocked', device);
    }
  }
}

function tellSwitchedOff(room: Room, before: Seat | null, now: Seat | null, hub: Hub): void {
  for (const device of devices) {
    if (before?.[device] === 'on' && now?.[device] === 'off' && isSending(room, device)) {
      hub.raise('closed', device);
    }
  }
}

function isSending({ publication }: Room, device: Device): boolean {
  return publication !== null && publication.status.get() === 'connected' && !publication.muted.get()[device];
}
