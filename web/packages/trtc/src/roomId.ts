import { RtcError } from './rtcError.js';

export interface RoomIds {
  /** Whether rooms have names (1 to 48 printable ASCII characters) in the place of numbers; default false. */
  useStringRoomId?: boolean;
}

/** The highest room number there is. */
const numberMax = 4_294_967_294;

/** The server's id of a room: a number becomes its decimal digits. */
export function roomIdOf(roomId: number | string, { useStringRoomId = false }: RoomIds): string {
  if (useStringRoomId) {
    if (typeof roomId !== 'string' || !/^[\x20-\x7e]{1,48}$/.test(roomId)) {
      throw new RtcError('INVALID_PARAMETER', 'A room has a name of 1 to 48 printable ASCII characters.');
    }
    return roomId;
  }
  if (typeof roomId !== 'number' || !Number.isInteger(roomId) || roomId < 1 || roomId > numberMax) {
    const hint = typeof roomId === 'string' ? ' Say useStringRoomId: true in createClient to give it a name.' : '';
    throw new RtcError('INVALID_PARAMETER', `A room has a number from 1 to ${numberMax}.${hint}`);
  }
  return String(roomId);
}
