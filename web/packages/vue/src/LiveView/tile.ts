import type { Seat, StageEntry, User } from '@dais/client';

/** One person on stage, ready to be drawn. */
export interface Tile {
  readonly user: User;
  readonly slot: number;
  /** The live they sit in: this one, or one it is connected with. */
  readonly liveId: string;
  /** Whether that is another live. */
  readonly isRemote: boolean;
  /** Whether that live is silenced for everybody in this one. */
  readonly isMutedHere: boolean;
  readonly region: StageEntry['region'];
  readonly seatIndex: number;
  readonly isSelf: boolean;
  readonly cameraOn: boolean;
  readonly microphoneOn: boolean;
  readonly reconnecting: boolean;
  readonly stream: MediaStream | null;
}

/** What tiles are made of. */
export interface TileSources {
  readonly stage: readonly StageEntry[];
  readonly seats: readonly Seat[];
  readonly userId: string;
  readonly roomId: string;
  /** The connected lives that are silenced here. */
  readonly mutedRooms: readonly string[];
  /** The person's own camera and microphone. */
  readonly own: { readonly stream: MediaStream | null; readonly cameraOn: boolean; readonly microphoneOn: boolean };
  /** Received picture and sound, by slot. */
  readonly streamOf: (slot: number) => MediaStream | null;
}

/**
 * The tiles of a stage. One's own tile shows the own camera and switches at once; everyone else's shows the slot's
 * stream and what the server says of their devices.
 */
export function tilesOf({ stage, seats, userId, roomId, mutedRooms, own, streamOf }: TileSources): readonly Tile[] {
  return stage.map((entry) => {
    const isRemote = entry.roomId !== roomId;
    const isSelf = !isRemote && entry.user.userId === userId;
    // Seats are this live's: someone of another one may have the same number, and even be the same user.
    const seat = isRemote ? undefined : seats.find((each) => each.user?.userId === entry.user.userId);
    return {
      user: entry.user,
      slot: entry.slot,
      liveId: entry.roomId,
      isRemote,
      isMutedHere: isRemote && mutedRooms.includes(entry.roomId),
      seatIndex: entry.seatIndex,
      region: entry.region,
      isSelf,
      cameraOn: isSelf ? own.cameraOn && own.stream !== null : entry.camera === 'on',
      microphoneOn: isSelf ? own.microphoneOn && own.stream !== null : entry.microphone === 'on',
      reconnecting: !isSelf && (seat?.reconnecting ?? false),
      stream: isSelf ? own.stream : streamOf(entry.slot),
    };
  });
}
