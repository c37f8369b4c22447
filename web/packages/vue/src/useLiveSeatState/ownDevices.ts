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

/**
 * Hears what hosts and admins do to this user's own devices. The server tells states, not orders: a lock is plain; that
 * a device went off while it is being sent can only be another's doing.
 */
export const useOwnDeviceOrders: () => EventHub<OwnDeviceOrders> = shared(() => {
  const session = useSession();
  const hub = new EventHub<OwnDeviceOrders>();

  session.observe({
    onEntered: (room) => {
      let before = ownSeatOf(room);
      const stop = room.on('seat.changed', () => {
        const now = ownSeatOf(room);
        if (session.room.value !== room) {
          stop();
        } else if (now !== null && before !== null) {
          compare(room, before, now, hub);
        }
        before = now;
      });
    },
  });
  return hub;
});

function ownSeatOf(room: Room): Seat | null {
  const { seats, selfId } = room.state.get();
  return seats.find(({ user }) => user?.userId === selfId) ?? null;
}

function compare(room: Room, before: Seat, now: Seat, hub: EventHub<OwnDeviceOrders>): void {
  for (const device of ['microphone', 'camera'] as const) {
    if (now[device] === 'locked' && before[device] !== 'locked') {
      hub.raise('closed', device);
    } else if (now[device] !== 'locked' && before[device] === 'locked') {
      hub.raise('unlocked', device);
    } else if (now[device] === 'off' && before[device] === 'on' && isSending(room, device)) {
      hub.raise('closed', device);
    }
  }
}

function isSending({ publication }: Room, device: Device): boolean {
  return publication !== null && publication.status.get() === 'connected' && !publication.muted.get()[device];
}
