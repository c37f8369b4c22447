import type { DeviceState, RoomHost, Seat, SeatRequest, StageEntry, User } from '@dais/client';

/** Whether a microphone or camera is on. */
export const DeviceStatus = { Off: 0, On: 1 } as const;
export type DeviceStatus = (typeof DeviceStatus)[keyof typeof DeviceStatus];

/** What someone may do in a live. */
export const Role = { Owner: 0, Administrator: 1, GeneralUser: 2 } as const;
export type Role = (typeof Role)[keyof typeof Role];

/** Someone in a live. */
export interface LiveUserInfo {
  readonly userId: string;
  readonly userName: string;
  readonly avatarUrl: string;
}

/** Someone with an open request: who, and how long it stays open. */
export interface SeatRequestInfo extends LiveUserInfo {
  readonly requestId: string;
  /** The wanted seat; -1 for the lowest free one. */
  readonly seatIndex: number;
  /** Milliseconds since the Unix epoch, by the server's clock. */
  readonly createdAt: number;
  /** Milliseconds since the Unix epoch, by the server's clock; null for as long as the live lives. */
  readonly expiresAt: number | null;
  readonly extensionInfo: string;
}

/** Someone on a seat. */
export interface SeatUserInfo extends LiveUserInfo {
  /** The live they sit in. */
  readonly liveId: string;
  readonly role: Role;
  readonly microphoneStatus: DeviceStatus;
  /** False while a host or admin has locked the microphone. */
  readonly allowOpenMicrophone: boolean;
  readonly cameraStatus: DeviceStatus;
  /** False while a host or admin has locked the camera. */
  readonly allowOpenCamera: boolean;
  /** Their connection is lost; the seat is kept for a while. */
  readonly isReconnecting: boolean;
}

/** A part of the canvas, in its pixels. */
export interface RegionInfo {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly zOrder: number;
}

/** A numbered place on stage. */
export interface SeatInfo {
  readonly index: number;
  readonly isLocked: boolean;
  readonly userInfo?: SeatUserInfo;
  /** Where who sits here is drawn. */
  readonly region?: RegionInfo;
}

/** What the facades say of the live a seat is in. */
export interface SeatContext {
  readonly roomId: string;
  readonly owner: User;
  readonly stage: readonly StageEntry[];
  readonly canvas: { readonly width: number; readonly height: number };
}

export function userInfoOf({ userId, userName, avatarUrl }: User): LiveUserInfo {
  return { userId, userName, avatarUrl };
}

/** The open request of `user`: the applicant of an application; of an invitation, either side of it. */
export function requestInfoOf(request: SeatRequest, user: User): SeatRequestInfo {
  const { requestId, seatIndex, createdAt, expiresAt, extraInfo } = request;
  return { ...userInfoOf(user), requestId, seatIndex, createdAt, expiresAt, extensionInfo: extraInfo };
}

export function seatInfoOf(seat: Seat, context: SeatContext): SeatInfo {
  const { index, locked, user } = seat;
  if (user === null) {
    return { index, isLocked: locked };
  }
  const entry = context.stage.find(({ roomId, seatIndex }) => roomId === context.roomId && seatIndex === index);
  const userInfo = seatUserOf(seat, user, context);
  return { index, isLocked: locked, userInfo, ...(entry === undefined ? {} : { region: inPixels(entry, context) }) };
}

function seatUserOf(seat: Seat, user: User, { roomId, owner }: SeatContext): SeatUserInfo {
  return {
    ...userInfoOf(user),
    liveId: roomId,
    role: user.userId === owner.userId ? Role.Owner : Role.GeneralUser,
    microphoneStatus: statusOf(seat.microphone),
    allowOpenMicrophone: seat.microphone !== 'locked',
    cameraStatus: statusOf(seat.camera),
    allowOpenCamera: seat.camera !== 'locked',
    isReconnecting: seat.reconnecting,
  };
}

/** What the facades say of the live that hosts of others are seen from. */
export type HostContext = Pick<SeatContext, 'roomId' | 'stage'> & { readonly seats: readonly Seat[] };

/** The host of a live, of this one or another; their devices are known while they are on this live's stage. */
export function hostInfoOf({ roomId, host }: RoomHost, context: HostContext): SeatUserInfo {
  const isHost = (user: User | null): boolean => user?.userId === host.userId;
  const entry = context.stage.find((each) => each.roomId === roomId && isHost(each.user));
  const seat = roomId === context.roomId ? context.seats.find(({ user }) => isHost(user)) : undefined;
  return {
    ...userInfoOf(host),
    liveId: roomId,
    role: Role.Owner,
    microphoneStatus: statusOf(entry?.microphone ?? 'off'),
    allowOpenMicrophone: entry?.microphone !== 'locked',
    cameraStatus: statusOf(entry?.camera ?? 'off'),
    allowOpenCamera: entry?.camera !== 'locked',
    isReconnecting: seat?.reconnecting ?? false,
  };
}

function statusOf(device: DeviceState): DeviceStatus {
  return device === 'on' ? DeviceStatus.On : DeviceStatus.Off;
}

function inPixels({ region }: StageEntry, { canvas }: SeatContext): RegionInfo {
  return {
    x: Math.round(region.x * canvas.width),
    y: Math.round(region.y * canvas.height),
    w: Math.round(region.width * canvas.width),
    h: Math.round(region.height * canvas.height),
    zOrder: region.zOrder,
  };
}
