// The wire contract of Dais, version 1 (docs/protocol.md).

export interface User {
  userId: string;
  userName: string;
  avatarUrl: string;
}

export type Role = 'host' | 'admin' | 'audience';
export type SeatMode = 'apply' | 'free';
export type RoomPhase = 'live' | 'hostAway';
export type DeviceState = 'on' | 'off' | 'locked';
export type RequestOutcome = 'accepted' | 'rejected' | 'cancelled' | 'timedOut' | 'alreadySeated' | 'failed' | 'roomEnded';
export type SeatLeaveReason = 'left' | 'kicked' | 'timedOut' | 'replaced' | 'roomLeft';
export type MemberLeaveReason = 'left' | 'kicked' | 'connectionLost';
export type RoomEndReason = 'host' | 'server' | 'hostTimeout';

export interface Seat {
  index: number;
  locked: boolean;
  user: User | null;
  microphone: DeviceState;
  camera: DeviceState;
  reconnecting: boolean;
}

export interface SeatRequest {
  requestId: string;
  user: User;
  inviter: User | null;
  seatIndex: number;
  createdAt: number;
  expiresAt: number | null;
  extraInfo: string;
}

export interface Region {
  x: number;
  y: number;
  width: number;
  height: number;
  zOrder: number;
}

export interface Canvas {
  width: number;
  height: number;
}

export interface StageEntry {
  slot: number;
  roomId: string;
  seatIndex: number;
  user: User;
  microphone: DeviceState;
  camera: DeviceState;
  region: Region;
}

export interface RoomSnapshot {
  roomId: string;
  name: string;
  notice: string;
  coverUrl: string;
  owner: User;
  createdAt: number;
  phase: RoomPhase;
  seatLayoutTemplateId: number;
  canvas: Canvas;
  seatMode: SeatMode;
  maxSeats: number;
  seats: Seat[];
  stage: StageEntry[];
  audienceCount: number;
  audience: User[];
  metadata: Record<string, string>;
  role: Role;
  applications: SeatRequest[];
  invitations: SeatRequest[];
}

export interface RoomInfo {
  roomId: string;
  name: string;
  coverUrl: string;
  owner: User;
  createdAt: number;
  phase: RoomPhase;
  seatMode: SeatMode;
  maxSeats: number;
  audienceCount: number;
}

export interface IceServer {
  urls: string[];
  username?: string;
  credential?: string;
}

export interface SeatLeaver {
  user: User;
  seatIndex: number;
  reason: SeatLeaveReason;
  by: User | null;
}

/** Every method: what it takes and what it gives. */
export interface Methods {
  'session.open': {
    params: {
      token?: string;
      userId?: string;
      userName?: string;
      avatarUrl?: string;
      platform?: number;
    };
    result: {
      sessionId: string;
      resumeKey: string;
      resumed: boolean;
      userId: string;
      userName: string;
      serverTime: number;
      pingSeconds: number;
      graceSeconds: number;
      iceServers: IceServer[];
    };
  };
  'session.ping': { params: Record<string, never>; result: { serverTime: number } };
  'room.start': {
    params: {
      roomId: string;
      name?: string;
      notice?: string;
      coverUrl?: string;
      seatLayoutTemplateId?: number;
      maxSeats?: number;
      seatMode?: SeatMode;
      keepOwnerOnSeat?: boolean;
      isPublic?: boolean;
      allowGuestsWhileConnected?: boolean;
      metadata?: Record<string, string>;
    };
    result: { room: RoomSnapshot; seq: number };
  };
  'room.join': {
    params: { roomId: string; offer?: string };
    result: { room: RoomSnapshot; seq: number; answer?: string };
  };
  'room.leave': { params: { roomId: string }; result: Record<string, never> };
  'room.end': { params: { roomId: string }; result: Record<string, never> };
  'room.list': {
    params: { cursor?: string; count?: number };
    result: { rooms: RoomInfo[]; cursor: string };
  };
  'seat.apply': {
    params: { roomId: string; seatIndex?: number; timeout?: number; extraInfo?: string };
    result: { requestId: string | null; seated: boolean };
  };
  'seat.cancelApplication': { params: { roomId: string }; result: Record<string, never> };
  'seat.acceptApplication': { params: { roomId: string; userId: string }; result: Record<string, never> };
  'seat.rejectApplication': { params: { roomId: string; userId: string }; result: Record<string, never> };
  'seat.leave': { params: { roomId: string }; result: Record<string, never> };
  'seat.kick': { params: { roomId: string; userId: string }; result: Record<string, never> };
  'media.subscribe': { params: { roomId: string; offer: string }; result: { answer: string } };
  'media.publish': { params: { roomId: string; offer: string }; result: { answer: string } };
  'media.unpublish': { params: { roomId: string }; result: Record<string, never> };
  'media.setMuted': {
    params: { roomId: string; microphone?: boolean; camera?: boolean };
    result: Record<string, never>;
  };
}

/** The data of every `room.event`, by its type. */
export interface RoomEvents {
  'seat.applied': { request: SeatRequest };
  'seat.applicationEnded': { request: SeatRequest; outcome: RequestOutcome; by: User | null; code: number; message: string };
  'seat.invited': { request: SeatRequest };
  'seat.invitationEnded': { request: SeatRequest; outcome: RequestOutcome; by: User | null; code: number; message: string };
  'seat.changed': { seats: Seat[]; joined: User[]; left: SeatLeaver[] };
  'stage.changed': { stage: StageEntry[]; canvas: Canvas };
  'audience.joined': { user: User; role: Role };
  'audience.left': { user: User; role: Role; reason: MemberLeaveReason; durationSeconds: number };
  'audience.changed': { count: number; sample: User[] };
  'member.roleChanged': { user: User; role: Role };
  'room.phase': { phase: RoomPhase };
  'room.updated': Partial<
    Pick<RoomSnapshot, 'name' | 'notice' | 'coverUrl' | 'seatLayoutTemplateId' | 'metadata' | 'seatMode'>
  >;
  'room.ended': { reason: RoomEndReason };
}
