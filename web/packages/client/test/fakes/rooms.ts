import type {
  HostConnection,
  HostRequest,
  RoomHost,
  RoomSnapshot,
  Seat,
  SeatRequest,
  StageEntry,
  User,
} from '../../src/protocol.gen.js';

export function user(userId: string): User {
  return { userId, userName: `Name of ${userId}`, avatarUrl: '' };
}

export function seat(index: number, userId?: string): Seat {
  return {
    index,
    locked: false,
    user: userId === undefined ? null : user(userId),
    microphone: 'off',
    camera: 'off',
    reconnecting: false,
  };
}

export function application(userId: string): SeatRequest {
  return {
    requestId: `request-${userId}`,
    user: user(userId),
    inviter: null,
    seatIndex: -1,
    createdAt: 0,
    expiresAt: null,
    extraInfo: '',
  };
}

export function stageEntry(slot: number, userId: string): StageEntry {
  return {
    slot,
    roomId: 'room',
    seatIndex: slot,
    user: user(userId),
    microphone: 'on',
    camera: 'on',
    region: { x: 0, y: 0, width: 1, height: 1, zOrder: 0 },
  };
}

/** The host of another room, or of this one: `room` is `host`'s. */
export function roomHost(roomId: string): RoomHost {
  return { roomId, host: user(roomId === 'room' ? 'host' : `host-${roomId}`) };
}

export function hostRequest(from: string, to: string): HostRequest {
  return {
    requestId: `request-${from}-${to}`,
    from: roomHost(from),
    to: roomHost(to),
    layoutTemplateId: 600,
    extraInfo: '',
    expiresAt: null,
  };
}

/** `room` connected with others. */
export function connection(others: string[], mutedRooms: string[] = []): HostConnection {
  return { connectionId: 'connection', layoutTemplateId: 600, members: ['room', ...others].map(roomHost), mutedRooms };
}

/** A room with a host on its first of two seats. */
export function snapshot(changes: Partial<RoomSnapshot> = {}): RoomSnapshot {
  return {
    roomId: 'room',
    name: 'A room',
    notice: '',
    coverUrl: '',
    owner: user('host'),
    createdAt: 0,
    phase: 'live',
    seatLayoutTemplateId: 600,
    canvas: { width: 720, height: 1280 },
    seatMode: 'apply',
    maxSeats: 2,
    seats: [seat(0, 'host'), seat(1)],
    stage: [stageEntry(0, 'host')],
    audienceCount: 1,
    audience: [user('guest')],
    metadata: {},
    role: 'audience',
    applications: [],
    invitations: [],
    connection: null,
    sentHostRequests: [],
    receivedHostRequests: [],
    ...changes,
  };
}
