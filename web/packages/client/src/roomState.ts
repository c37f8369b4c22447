import type {
  AudienceLeftData,
  HostRequest,
  HostRequestData,
  MemberData,
  PresenceState,
  Role,
  RoomEndReason,
  RoomEvents,
  RoomHost,
  RoomMessage,
  RoomSnapshot,
  Seat,
  SeatRequest,
  User,
} from './protocol.gen.js';
import { mergeMessages } from './roomMessages.js';

export type RoomEventType = keyof RoomEvents;

/** One thing that happened in a room; `seq` grows strictly, with gaps where an event is not for this client. */
export type RoomEvent = {
  [T in RoomEventType]: { roomId: string; seq: number; at: number; type: T; data: RoomEvents[T] };
}[RoomEventType];

/**
 * Why this client is no longer in a room. `kicked` = a host or admin removed its user; `gone` = the room was not there
 * any more after the connection came back.
 */
export type RoomCloseReason = RoomEndReason | 'left' | 'kicked' | 'gone' | 'connectionClosed';

/** A room as this client sees it: the server's snapshot, kept up to date by its events. Never changed in place. */
export interface RoomState extends RoomSnapshot {
  /** The user this client is. */
  selfId: string;
  /** Position of the newest event in this state. */
  seq: number;
  /** Whether only hosts and admins may write. */
  messagesDisabled: boolean;
  /** Whether this user has been forbidden to write. */
  messageDisabled: boolean;
  /**
   * What members let others know of them, of those who do. In a room of more than 50 members only hosts and admins hear
   * of changes; the others ask with `getPresence`.
   */
  presence: PresenceState[];
  /** The latest 50 messages this client knows, the latest last. */
  messages: RoomMessage[];
  /** Why this client is not in the room any more; null while it is. */
  closed: RoomCloseReason | null;
}

/** How many members `audience` holds at most. */
const audienceSampleMax = 200;

/** The state that a snapshot of the server describes. */
export function roomStateOf(snapshot: RoomSnapshot, seq: number, selfId: string): RoomState {
  return {
    ...snapshot,
    messagesDisabled: snapshot.messagesDisabled ?? false,
    messageDisabled: snapshot.messageDisabled ?? false,
    presence: snapshot.presence ?? [],
    messages: [],
    selfId,
    seq,
    closed: null,
  };
}

/** The state after `event`. Events the state already contains change nothing. Pure. */
export function reduceRoom(state: RoomState, event: RoomEvent): RoomState {
  return event.seq <= state.seq ? state : { ...state, ...changes(state, event), seq: event.seq };
}

function changes(state: RoomState, event: RoomEvent): Partial<RoomState> {
  switch (event.type) {
    case 'seat.applied':
      return { applications: withRequest(state.applications, event.data.request) };
    case 'seat.applicationEnded':
      return { applications: withoutRequest(state.applications, event.data.request) };
    case 'seat.invited':
      return { invitations: withRequest(state.invitations, event.data.request) };
    case 'seat.invitationEnded':
      return { invitations: withoutRequest(state.invitations, event.data.request) };
    case 'seat.changed':
      return { seats: withSeats(state.seats, event.data.seats) };
    case 'coHost.requested':
      return withHostRequest(state, event.data);
    case 'coHost.requestEnded':
      return withoutHostRequest(state, event.data);
    case 'coHost.changed':
      return { connection: event.data.connection };
    case 'stage.changed':
      return { stage: event.data.stage, canvas: event.data.canvas };
    case 'audience.joined':
      return audienceJoined(state, event.data);
    case 'audience.left':
      return audienceLeft(state, event.data);
    case 'audience.changed':
      return { audience: event.data.sample, audienceCount: event.data.count };
    case 'member.roleChanged':
      return event.data.user.userId === state.selfId ? roleChanged(state, event.data.role) : {};
    case 'member.messageDisabledChanged':
      return event.data.user.userId === state.selfId ? { messageDisabled: event.data.disabled } : {};
    case 'message':
      return { messages: mergeMessages(state.messages, [{ ...event.data, seq: event.seq, at: event.at }]) };
    case 'presence.changed':
      return { presence: withPresence(state.presence, event.data) };
    case 'room.phase':
      return { phase: event.data.phase };
    case 'room.updated':
      return event.data;
    case 'room.ended':
      return { ...nothingOpen, connection: null, closed: event.data.reason };
  }
}

/** The end of a room ends every open request. */
const nothingOpen = {
  applications: [],
  invitations: [],
  sentHostRequests: [],
  receivedHostRequests: [],
} satisfies Partial<RoomState>;

/** The host is not part of the audience, but joins and leaves like everyone. */
function audienceJoined(state: RoomState, { user, role }: MemberData): Partial<RoomState> {
  return role === 'host'
    ? {}
    : {
        audience: [user, ...withoutUser(state.audience, user)].slice(0, audienceSampleMax),
        audienceCount: state.audienceCount + 1,
      };
}

function audienceLeft(state: RoomState, { user, role, reason }: AudienceLeftData): Partial<RoomState> {
  return {
    ...(role === 'host'
      ? {}
      : { audience: withoutUser(state.audience, user), audienceCount: Math.max(0, state.audienceCount - 1) }),
    presence: withPresence(state.presence, { user, state: {} }),
    ...(reason === 'kicked' && user.userId === state.selfId ? { closed: 'kicked' } : {}),
  };
}

/** Nobody is listed who lets others know nothing. */
function withPresence(list: PresenceState[], changed: PresenceState): PresenceState[] {
  const others = list.filter(({ user }) => user.userId !== changed.user.userId);
  return Object.keys(changed.state).length === 0 ? others : [...others, changed];
}

/** Whoever is no longer an admin hears only of requests that are their own. A new admin is sent a whole snapshot. */
function roleChanged(state: RoomState, role: Role): Partial<RoomState> {
  const isOwn = ({ user, inviter }: SeatRequest) => [user, inviter].some((one) => one?.userId === state.selfId);
  return role === 'audience'
    ? {
        ...nothingOpen,
        role,
        applications: state.applications.filter(isOwn),
        invitations: state.invitations.filter(isOwn),
      }
    : { role };
}

function withHostRequest(state: RoomState, { request }: HostRequestData): Partial<RoomState> {
  return isSentBy(state, request)
    ? { sentHostRequests: withRequest(state.sentHostRequests, request) }
    : { receivedHostRequests: withRequest(state.receivedHostRequests, request) };
}

function withoutHostRequest(state: RoomState, { request }: HostRequestData): Partial<RoomState> {
  return isSentBy(state, request)
    ? { sentHostRequests: withoutRequest(state.sentHostRequests, request) }
    : { receivedHostRequests: withoutRequest(state.receivedHostRequests, request) };
}

/** Whether this room asked the other one, and not the other way round. */
function isSentBy({ roomId }: Pick<RoomState, 'roomId'>, { from }: HostRequest): boolean {
  return from.roomId === roomId;
}

function withRequest<T extends { requestId: string }>(list: T[], request: T): T[] {
  return [...withoutRequest(list, request), request];
}

function withoutRequest<T extends { requestId: string }>(list: T[], request: T): T[] {
  return list.filter((other) => other.requestId !== request.requestId);
}

function withoutUser(list: User[], user: User): User[] {
  return list.filter((other) => other.userId !== user.userId);
}

function withSeats(seats: Seat[], changed: Seat[]): Seat[] {
  const byIndex = new Map([...seats, ...changed].map((seat) => [seat.index, seat]));
  return [...byIndex.values()].sort((a, b) => a.index - b.index);
}

/** The seat this client's user holds. */
export function ownSeat(state: RoomState): Seat | null {
  return state.seats.find((seat) => seat.user?.userId === state.selfId) ?? null;
}

/** This client's own open application. */
export function ownApplication(state: RoomState): SeatRequest | null {
  return state.applications.find((request) => request.user.userId === state.selfId) ?? null;
}

/** The open invitation that this client's user has to answer. */
export function ownInvitation(state: RoomState): SeatRequest | null {
  return state.invitations.find((request) => request.user.userId === state.selfId) ?? null;
}

/** The other rooms of the connection, in the order in which they came; none while there is no connection. */
export function remoteHosts({ connection, roomId }: Pick<RoomState, 'connection' | 'roomId'>): RoomHost[] {
  return connection?.members.filter((member) => member.roomId !== roomId) ?? [];
}

/** Whether what `roomId` sends is silenced for everybody in this room. */
export function isMutedHere({ connection }: Pick<RoomState, 'connection'>, roomId: string): boolean {
  return connection?.mutedRooms.includes(roomId) ?? false;
}
