import type { HostRequest, Request, RoomEndReason, RoomEvents, RoomSnapshot, Seat, User } from './protocol.gen.js';

export type RoomEventType = keyof RoomEvents;

/** One thing that happened in a room; `seq` grows strictly, with gaps where an event is not for this client. */
export type RoomEvent = {
  [T in RoomEventType]: { roomId: string; seq: number; at: number; type: T; data: RoomEvents[T] };
}[RoomEventType];

/** Why this client is no longer in a room. `gone` = it was not there any more after the connection came back. */
export type RoomCloseReason = RoomEndReason | 'left' | 'gone' | 'connectionClosed';

type Lists = 'applications' | 'invitations' | 'sentHostRequests' | 'receivedHostRequests';

/** A room as this client sees it: the server's snapshot, kept up to date by its events. Never changed in place. */
export interface RoomState extends Omit<RoomSnapshot, Lists> {
  /** Open applications for a seat: all of them for hosts and admins, else one's own. */
  applications: Request[];
  /** Open invitations to a seat: all of them for hosts and admins, else one's own. */
  invitations: Request[];
  sentHostRequests: HostRequest[];
  receivedHostRequests: HostRequest[];
  /** The user this client is. */
  selfId: string;
  /** Position of the newest event in this state. */
  seq: number;
  /** Why this client is not in the room any more; null while it is. */
  closed: RoomCloseReason | null;
}

/** How many members `audience` holds at most. */
const audienceSampleMax = 200;

/** The state that a snapshot of the server describes. */
export function roomStateOf(snapshot: RoomSnapshot, seq: number, selfId: string): RoomState {
  return {
    ...snapshot,
    applications: snapshot.applications ?? [],
    invitations: snapshot.invitations ?? [],
    sentHostRequests: snapshot.sentHostRequests ?? [],
    receivedHostRequests: snapshot.receivedHostRequests ?? [],
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
    case 'stage.changed':
      return { stage: event.data.stage, canvas: event.data.canvas };
    case 'coHost.requested':
      return hostRequested(state, event.data.request);
    case 'coHost.requestEnded':
      return {
        sentHostRequests: withoutRequest(state.sentHostRequests, event.data.request),
        receivedHostRequests: withoutRequest(state.receivedHostRequests, event.data.request),
      };
    case 'coHost.changed':
      return { connection: event.data.connection };
    case 'audience.joined':
      return {
        audience: [...withoutUser(state.audience, event.data.user), event.data.user].slice(0, audienceSampleMax),
        audienceCount: state.audienceCount + 1,
      };
    case 'audience.left':
      return {
        audience: withoutUser(state.audience, event.data.user),
        audienceCount: Math.max(0, state.audienceCount - 1),
      };
    case 'audience.changed':
      return { audience: event.data.sample, audienceCount: event.data.count };
    case 'member.roleChanged':
      return event.data.user.userId === state.selfId ? { role: event.data.role } : {};
    case 'room.phase':
      return { phase: event.data.phase };
    case 'room.updated':
      return event.data;
    case 'room.ended':
      return { ...nobodyWaits, closed: event.data.reason };
    case 'message':
      return {};
  }
}

/** The end of a room ends every open request. */
const nobodyWaits = { applications: [], invitations: [], sentHostRequests: [], receivedHostRequests: [] };

function withRequest<T extends { requestId: string }>(list: T[], request: T): T[] {
  return [...withoutRequest(list, request), request];
}

function withoutRequest<T extends { requestId: string }>(list: T[], request: { requestId: string }): T[] {
  return list.filter((other) => other.requestId !== request.requestId);
}

function withoutUser(list: User[], user: User): User[] {
  return list.filter((other) => other.userId !== user.userId);
}

function withSeats(seats: Seat[], changed: Seat[]): Seat[] {
  const byIndex = new Map([...seats, ...changed].map((seat) => [seat.index, seat]));
  return [...byIndex.values()].sort((a, b) => a.index - b.index);
}

function hostRequested(state: RoomState, request: HostRequest): Partial<RoomState> {
  return request.from.roomId === state.roomId
    ? { sentHostRequests: withRequest(state.sentHostRequests, request) }
    : { receivedHostRequests: withRequest(state.receivedHostRequests, request) };
}

/** The seat this client's user holds. */
export function ownSeat(state: RoomState): Seat | null {
  return state.seats.find((seat) => seat.user?.userId === state.selfId) ?? null;
}

/** This client's own open application. */
export function ownApplication(state: RoomState): Request | null {
  return state.applications.find((request) => request.user.userId === state.selfId) ?? null;
}

/** The open invitation of this client's user. */
export function ownInvitation(state: RoomState): Request | null {
  return state.invitations.find((request) => request.user.userId === state.selfId) ?? null;
}
