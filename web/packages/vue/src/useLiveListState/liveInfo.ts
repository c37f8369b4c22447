import type { Params, RoomInfo, RoomPhase, RoomState, SeatMode as WireSeatMode } from '@dais/client';
import { userInfoOf, type LiveUserInfo } from '../people/people';

/** How members come on stage: at once, or after a host has agreed. */
export const SeatMode = { FREE: 1, APPLY: 2 } as const;
export type SeatMode = (typeof SeatMode)[keyof typeof SeatMode];

/** A live as lists and its members see it. */
export interface LiveInfo {
  readonly liveId: string;
  readonly liveName: string;
  /** Empty in lists. */
  readonly notice: string;
  readonly coverUrl: string;
  readonly liveOwner: LiveUserInfo;
  /** When it went live, in milliseconds since the Unix epoch. */
  readonly createTime: number;
  readonly currentViewerCount: number;
  readonly maxSeatCount: number;
  readonly seatMode: SeatMode;
  /** How the stage is drawn; 0 in lists. */
  readonly seatLayoutTemplateId: number;
  /** The host's connection is lost, or they have left; the live ends when they do not come back in time. */
  readonly isHostAway: boolean;
  /** Whether only hosts and admins may write; false in lists, which do not know it. */
  readonly isMessageDisableForAllUser: boolean;
  readonly metaData: Readonly<Record<string, string>>;
}

/** The settings of a new live. What the server has no use for yet (gifts, likes, categories) is not asked for. */
export interface StartLiveParams {
  /** The live's id, chosen by the application. */
  liveId: string;
  liveName?: string;
  notice?: string;
  coverUrl?: string;
  /** How the stage is drawn: 600 (default), 601, 800, 801. */
  seatLayoutTemplateId?: number;
  /** How many seats there are, the host's included. */
  maxSeatCount?: number;
  seatMode?: SeatMode;
  keepOwnerOnSeat?: boolean;
  isPublicVisible?: boolean;
  /** Whether only hosts and admins may write. */
  isMessageDisableForAllUser?: boolean;
  metaData?: Record<string, string>;
}

/** What to change about the live; what is absent stays. */
export interface UpdateLiveParams {
  liveName?: string;
  notice?: string;
  coverUrl?: string;
  seatLayoutTemplateId?: number;
  seatMode?: SeatMode;
  /** Whether only hosts and admins may write. */
  isMessageDisableForAllUser?: boolean;
  /** Values to set; an empty one removes its key. */
  metaData?: Record<string, string>;
}

export function seatModeOf(mode: WireSeatMode): SeatMode {
  return mode === 'free' ? SeatMode.FREE : SeatMode.APPLY;
}

export function wireSeatModeOf(mode: SeatMode): WireSeatMode {
  return mode === SeatMode.FREE ? 'free' : 'apply';
}

/** A live from a list. */
export function liveInfoOfList(room: RoomInfo): LiveInfo {
  return { ...commonOf(room), notice: '', seatLayoutTemplateId: 0, isMessageDisableForAllUser: false, metaData: {} };
}

/** The live this user is in. */
export function liveInfoOfState(state: RoomState): LiveInfo {
  const { notice, seatLayoutTemplateId, messagesDisabled, metadata } = state;
  return {
    ...commonOf(state),
    notice,
    seatLayoutTemplateId,
    isMessageDisableForAllUser: messagesDisabled,
    metaData: metadata,
  };
}

/** `liveInfo` as `room.start` takes it. */
export function startParamsOf(live: StartLiveParams): Params<'room.start'> {
  const { liveId, liveName, maxSeatCount, seatMode, isPublicVisible, metaData, ...same } = live;
  const { isMessageDisableForAllUser, notice, coverUrl, seatLayoutTemplateId, keepOwnerOnSeat } = same;
  return defined({
    roomId: liveId,
    name: liveName,
    notice,
    coverUrl,
    seatLayoutTemplateId,
    maxSeats: maxSeatCount,
    seatMode: seatMode === undefined ? undefined : wireSeatModeOf(seatMode),
    keepOwnerOnSeat,
    isPublic: isPublicVisible,
    messagesDisabled: isMessageDisableForAllUser,
    metadata: metaData,
  });
}

/** What of an update `room.update` takes; everything but the seat mode. */
export function updateParamsOf(update: UpdateLiveParams): Omit<Params<'room.update'>, 'roomId'> {
  const { liveName, notice, coverUrl, seatLayoutTemplateId, isMessageDisableForAllUser, metaData } = update;
  return defined({
    name: liveName,
    notice,
    coverUrl,
    seatLayoutTemplateId,
    messagesDisabled: isMessageDisableForAllUser,
    metadata: metaData,
  });
}

interface Common {
  roomId: string;
  name: string;
  coverUrl: string;
  owner: LiveUserInfo;
  createdAt: number;
  audienceCount: number;
  maxSeats: number;
  seatMode: WireSeatMode;
  phase: RoomPhase;
}

/** What lists say nothing of. */
type Details = 'notice' | 'seatLayoutTemplateId' | 'isMessageDisableForAllUser' | 'metaData';

function commonOf(room: Common): Omit<LiveInfo, Details> {
  return {
    liveId: room.roomId,
    liveName: room.name,
    coverUrl: room.coverUrl,
    liveOwner: userInfoOf(room.owner),
    createTime: room.createdAt,
    currentViewerCount: room.audienceCount,
    maxSeatCount: room.maxSeats,
    seatMode: seatModeOf(room.seatMode),
    isHostAway: room.phase === 'hostAway',
  };
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** `values` without the keys that hold nothing. */
function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}
