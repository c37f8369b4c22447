import { LiveError, ownSeat } from '@dais/client';
import type { DaisClient, Room } from '@dais/client';
import { RtcError, rtcErrorOf } from './rtcError.js';
import type { World } from './world.js';

export type Role = 'anchor' | 'audience';

/** How long, and how often, a room that is not there is tried again. */
const patienceMs = 5_000;
const retryMs = 500;

/** How long signing in may take. */
const signInMs = 15_000;

/** Signs in; a server that cannot be reached is an error after a while. */
export async function signIn(dais: DaisClient, userId: string, userSig: string, world: World): Promise<void> {
  let isLate = false;
  const stopTimer = world.startTimer(() => {
    isLate = true;
    dais.close();
  }, signInMs);
  try {
    await dais.login({ userId, token: userSig });
  } catch (thrown) {
    throw isLate
      ? new RtcError('SIGNAL_CHANNEL_SETUP_FAILED', 'The server could not be reached in time.')
      : rtcErrorOf(thrown, 'JOIN_ROOM_FAILED');
  } finally {
    stopTimer();
  }
}

/**
 * Enters a room in a role. An anchor starts a room that nobody has started, and takes a seat in one that is there; the
 * audience waits a moment for a room that is about to begin.
 */
export async function enter(dais: DaisClient, roomId: string, role: Role, world: World): Promise<Room> {
  const deadline = world.now() + patienceMs;
  for (;;) {
    try {
      const room = role === 'anchor' ? await startOrJoin(dais, roomId) : await dais.joinRoom(roomId);
      await takePlace(room, role);
      return room;
    } catch (thrown) {
      const isMissing = thrown instanceof LiveError && thrown.name === 'roomNotFound';
      if (!isMissing || world.now() >= deadline || dais.status.get() === 'closed') {
        throw rtcErrorOf(thrown, 'JOIN_ROOM_FAILED');
      }
    }
    await new Promise<void>((resolve) => world.startTimer(resolve, retryMs));
  }
}

/** Comes on stage, or leaves it. */
export async function takeRole(room: Room, role: Role): Promise<void> {
  const isSeated = ownSeat(room.state.get()) !== null;
  if (role === 'anchor' && !isSeated) {
    await room.takeSeat(-1);
  } else if (role === 'audience' && isSeated) {
    await room.unpublish();
    await room.leaveSeat();
  }
}

async function startOrJoin(dais: DaisClient, roomId: string): Promise<Room> {
  try {
    return await dais.startRoom({ roomId, seatMode: 'free' });
  } catch (thrown) {
    // Somebody else's, or this user may not start rooms: then it has to be there.
    if (thrown instanceof LiveError && (thrown.name === 'roomIdTaken' || thrown.name === 'noPermission')) {
      return dais.joinRoom(roomId);
    }
    throw thrown;
  }
}

async function takePlace(room: Room, role: Role): Promise<void> {
  try {
    await takeRole(room, role);
  } catch (thrown) {
    room.leave().catch(() => undefined);
    throw thrown;
  }
}
