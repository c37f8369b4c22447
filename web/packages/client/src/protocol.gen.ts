// Generated from src/Dais.Protocol by eng/generate.cs: do not edit.

/** The session a client goes on with, and what it has of it. */
export interface SessionResume {
  /** The session's id. */
  sessionId: string;
  /** The secret that came with it. */
  key: string;
  /** The `seq` of the last event the client has, for each room it is in; it leaves all others. */
  seqs?: Record<string, number>;
}

/** What a client opens its session with. */
export interface SessionOpenParams {
  /** The access token; not needed in development mode. */
  token?: string;
  /** Who the client says it is; development mode only, otherwise the token says it. */
  userId?: string;
  /** The name to show; the token's wins. */
  userName?: string;
  /** The picture to show. */
  avatarUrl?: string;
  /** What the client runs on: 1 Android, 2 iOS, 5 Windows, 6 Linux, 7 Web, 8 macOS, 0 other. */
  platform?: number;
  /** The session to go on with, when the client had one on an earlier connection. */
  resume?: SessionResume;
}

/** A STUN or TURN server, as a browser's `RTCConfiguration` takes it. */
export interface IceServer {
  /** Its addresses. */
  urls: string[];
  /** The user name, for TURN. */
  username?: string;
  /** The password, for TURN. */
  credential?: string;
}

/** The open session. */
export interface SessionOpenResult {
  /** The session's id. */
  sessionId: string;
  /** The secret that resumes this session. */
  resumeKey: string;
  /** Whether an earlier session goes on. */
  resumed: boolean;
  /** Who the client is. */
  userId: string;
  /** The name others see. */
  userName: string;
  /** The server's clock, in milliseconds since the Unix epoch. */
  serverTime: number;
  /** How often the client should send `session.ping` when it sends nothing else. */
  pingSeconds: number;
  /** How long a seat is kept when the connection is lost. */
  graceSeconds: number;
  /** The STUN and TURN servers to use; may be empty. Credentials may end: those of the newest session count. */
  iceServers: IceServer[];
  /** Whether anyone may say who they are without a token: a server to try things on. */
  developmentMode: boolean;
}

/** The server is there. */
export interface SessionPingResult {
  /** The server's clock, in milliseconds since the Unix epoch. */
  serverTime: number;
}

/**
 * How members come on stage.
 * - `apply`: An application has to be accepted.
 * - `free`: Whoever applies is seated at once.
 */
export type SeatMode = 'apply' | 'free';

/** The settings of a new room. */
export interface RoomStartParams {
  /** The room's id, chosen by the application. */
  roomId: string;
  /** The room's name. */
  name?: string;
  /** What the host wants everybody to read. */
  notice?: string;
  /** The picture lists show. */
  coverUrl?: string;
  /** How the stage is drawn. */
  seatLayoutTemplateId?: number;
  /** How many seats there are, the host's included. */
  maxSeats?: number;
  /** How members come on stage. */
  seatMode?: SeatMode;
  /** Whether the owner takes seat 0 and it is kept for them. */
  keepOwnerOnSeat?: boolean;
  /** Whether `room.list` shows the room. */
  isPublic?: boolean;
  /** Whether guests may sit while rooms are connected. */
  allowGuestsWhileConnected?: boolean;
  /** Values of the application, shown to everybody. */
  metadata?: Record<string, string>;
  /** Whether only hosts and admins may write. */
  messagesDisabled?: boolean;
}

/** Who someone is. */
export interface User {
  /** The id the application gave the user. */
  userId: string;
  /** The name to show; empty when none was given. */
  userName: string;
  /** The picture to show; empty when none was given. */
  avatarUrl: string;
}

/**
 * Whether the host is there.
 * - `live`: The host is there.
 * - `hostAway`: The host's connection is lost or the host has left; the room ends when the host's grace runs out.
 */
export type RoomPhase = 'live' | 'hostAway';

/** The canvas the regions of a stage are fractions of, in pixels. */
export interface Canvas {
  /** The width. */
  width: number;
  /** The height. */
  height: number;
}

/**
 * The state of a microphone or a camera.
 * - `off`: Nothing is sent.
 * - `on`: It is sending.
 * - `locked`: Switched off by a host or admin, and only they can unlock it.
 */
export type DeviceState = 'off' | 'on' | 'locked';

/** A numbered place on stage. */
export interface Seat {
  /** The seat's number, from 0. */
  index: number;
  /** Whether nobody can be seated here. */
  locked: boolean;
  /** Who sits here, or null. */
  user: User | null;
  /** The microphone of who sits here. */
  microphone: DeviceState;
  /** The camera of who sits here. */
  camera: DeviceState;
  /** Whether the connection of who sits here is lost; the seat is kept for a while. */
  reconnecting: boolean;
}

/** Where someone is drawn, in fractions of the canvas. */
export interface Region {
  /** The left edge. */
  x: number;
  /** The upper edge. */
  y: number;
  /** The width. */
  width: number;
  /** The height. */
  height: number;
  /** Regions of a higher order cover those of a lower one. */
  zOrder: number;
}

/** Someone everybody in the room sees. */
export interface StageEntry {
  /** The slot of the subscription that carries this one, kept until they leave the stage. */
  slot: number;
  /** The room they sit in. */
  roomId: string;
  /** The seat they sit on. */
  seatIndex: number;
  /** Who it is. */
  user: User;
  /** Their microphone. */
  microphone: DeviceState;
  /** Their camera. */
  camera: DeviceState;
  /** Where they are drawn. */
  region: Region;
}

/**
 * What a member may do in a room.
 * - `audience`: Watches, and may come on stage.
 * - `admin`: May act for the host.
 * - `host`: Owns the room.
 */
export type Role = 'audience' | 'admin' | 'host';

/** An open application for a seat, or an open invitation to one. */
export interface SeatRequest {
  /** The request's id. */
  requestId: string;
  /** Who is to come on stage. */
  user: User;
  /** Who invited; null for an application. */
  inviter: User | null;
  /** The wanted seat; -1 for the lowest free one. */
  seatIndex: number;
  /** When it was made, in milliseconds since the Unix epoch. */
  createdAt: number;
  /** When it runs out, in milliseconds since the Unix epoch; null for never. */
  expiresAt: number | null;
  /** What the requester attached; empty when nothing was. */
  extraInfo: string;
}

/** A room and whose it is, as hosts of other rooms see it. */
export interface RoomHost {
  /** The room. */
  roomId: string;
  /** Its host. */
  host: User;
}

/** Rooms that are connected: the audience of each sees the hosts of all. */
export interface HostConnection {
  /** The connection's id. */
  connectionId: string;
  /** How the stage is drawn meanwhile. */
  layoutTemplateId: number;
  /** The connected rooms, this one included, in the order in which they came. */
  members: RoomHost[];
  /** The rooms whose sound this room does not hear. */
  mutedRooms: string[];
}

/** An open request of one room's host to connect with another room. */
export interface HostRequest {
  /** The request's id. */
  requestId: string;
  /** Who asks. */
  from: RoomHost;
  /** Who is asked. */
  to: RoomHost;
  /** How the stage is to be drawn while the rooms are connected. */
  layoutTemplateId: number;
  /** What the requester attached; empty when nothing was. */
  extraInfo: string;
  /** When it runs out, in milliseconds since the Unix epoch; null for never. */
  expiresAt: number | null;
}

/** What a member lets others know of them. */
export interface PresenceState {
  /** Who it is. */
  user: User;
  /** All of it, as it is now. */
  state: Record<string, string>;
}

/** A room as one member sees it. */
export interface RoomSnapshot {
  /** The room's id. */
  roomId: string;
  /** Its name. */
  name: string;
  /** What the host wants everybody to read. */
  notice: string;
  /** The picture lists show. */
  coverUrl: string;
  /** Whose room it is. */
  owner: User;
  /** When it went live, in milliseconds since the Unix epoch. */
  createdAt: number;
  /** Whether the host is there. */
  phase: RoomPhase;
  /** How the stage is drawn. */
  seatLayoutTemplateId: number;
  /** What the stage's regions are fractions of. */
  canvas: Canvas;
  /** How members come on stage. */
  seatMode: SeatMode;
  /** How many seats there are. */
  maxSeats: number;
  /** The seats, by index. */
  seats: Seat[];
  /** Who is on stage. */
  stage: StageEntry[];
  /** How many members there are, the host not counted. */
  audienceCount: number;
  /** At most 200 of them, the latest first. */
  audience: User[];
  /** Values of the application. */
  metadata: Record<string, string>;
  /** What the member may do here. */
  role: Role;
  /** The open applications: all for hosts and admins, their own for others. */
  applications: SeatRequest[];
  /** The open invitations: all for hosts and admins, those to them or by them for others. */
  invitations: SeatRequest[];
  /** The connection with other rooms; null when there is none. */
  connection: HostConnection | null;
  /** The open requests to other rooms: for hosts and admins; none for others. */
  sentHostRequests: HostRequest[];
  /** The open requests of other rooms: for hosts and admins; none for others. */
  receivedHostRequests: HostRequest[];
  /** Whether only hosts and admins may write. */
  messagesDisabled?: boolean;
  /** Whether the member has been forbidden to write. */
  messageDisabled?: boolean;
  /** What members let others know of them, of those who do; absent while more than 50 are here. */
  presence?: PresenceState[];
}

/** The room the caller is in now. */
export interface RoomEntered {
  /** The room as the caller sees it. */
  room: RoomSnapshot;
  /** The sequence number of the last event that is part of the snapshot. */
  seq: number;
  /** The answer to the offer, when there was one. */
  answer?: string;
  /** Whether the caller is shown the stage by what `media.prepare` has opened; only after `room.join` without an offer. */
  prepared?: boolean;
}

/** Which room to join. */
export interface RoomJoinParams {
  /** The room. */
  roomId: string;
  /** The session description to subscribe with, in the same round trip. */
  offer?: string;
}

/** A room, and nothing else to say. */
export interface RoomParams {
  /** The room. */
  roomId: string;
}

/** What to change about a room; what is absent stays. */
export interface RoomUpdateParams {
  /** The room. */
  roomId: string;
  /** The room's name. */
  name?: string;
  /** What the host wants everybody to read. */
  notice?: string;
  /** The picture lists show. */
  coverUrl?: string;
  /** How the stage is drawn. */
  seatLayoutTemplateId?: number;
  /** Values to set; an empty one removes its key. */
  metadata?: Record<string, string>;
  /** Whether only hosts and admins may write. */
  messagesDisabled?: boolean;
}

/** Which page of the public rooms to list. */
export interface RoomListParams {
  /** Where the last page ended; absent or empty for the first. */
  cursor?: string;
  /** How many rooms at most, up to 100; 0 leaves it to the server. */
  count?: number;
}

/** A room as lists show it. */
export interface RoomInfo {
  /** The room's id. */
  roomId: string;
  /** Its name. */
  name: string;
  /** The picture to show. */
  coverUrl: string;
  /** Whose room it is. */
  owner: User;
  /** When it went live, in milliseconds since the Unix epoch. */
  createdAt: number;
  /** Whether the host is there. */
  phase: RoomPhase;
  /** How members come on stage. */
  seatMode: SeatMode;
  /** How many seats there are. */
  maxSeats: number;
  /** How many members there are, the host not counted. */
  audienceCount: number;
}

/** A page of the public rooms. */
export interface RoomListResult {
  /** The rooms, newest first. */
  rooms: RoomInfo[];
  /** Where the next page starts; empty at the end. */
  cursor: string;
}

/** An application for a seat. */
export interface SeatApplyParams {
  /** The room. */
  roomId: string;
  /** The wanted seat; -1 for the lowest free one. */
  seatIndex?: number;
  /** How long it stays open, in seconds, up to 1800; 0 for as long as the room lives. */
  timeout?: number;
  /** Anything the hosts should see with it, up to 1024 bytes. */
  extraInfo?: string;
}

/** What became of an application at once. */
export interface SeatApplyResult {
  /** The open application, or the invitation it accepted; null when the caller was seated without one. */
  requestId: string | null;
  /** Whether the caller is on stage already. */
  seated: boolean;
}

/** Someone in a room. */
export interface RoomUserParams {
  /** The room. */
  roomId: string;
  /** Whom it is about. */
  userId: string;
}

/** An invitation to a seat. */
export interface SeatInviteParams {
  /** The room. */
  roomId: string;
  /** Whom to invite. */
  userId: string;
  /** The seat; -1 for the lowest free one. */
  seatIndex?: number;
  /** How long it stays open, in seconds, up to 1800; 0 for as long as the room lives. */
  timeout?: number;
  /** Anything the invitee should see with it, up to 1024 bytes. */
  extraInfo?: string;
}

/** What became of an invitation at once. */
export interface SeatInviteResult {
  /** The open invitation, or the application it accepted. */
  requestId: string;
  /** Whether the user is on stage already, because they had applied. */
  seated: boolean;
}

/** A seat to sit down on. */
export interface SeatTakeParams {
  /** The room. */
  roomId: string;
  /** The seat; -1 for the lowest free one. */
  seatIndex: number;
}

/** A seat of a room. */
export interface SeatParams {
  /** The room. */
  roomId: string;
  /** The seat. */
  seatIndex: number;
}

/**
 * What happens when someone moves to a seat that is taken.
 * - `abort`: Nothing; the move is refused.
 * - `replace`: Who sits there leaves the stage (host, admin).
 * - `swap`: The two change places (host, admin).
 */
export type MovePolicy = 'abort' | 'replace' | 'swap';

/** Who moves where. */
export interface SeatMoveParams {
  /** The room. */
  roomId: string;
  /** The seat to move to. */
  seatIndex: number;
  /** Who moves; absent for the caller. */
  userId?: string;
  /** What happens when the seat is taken. */
  policy?: MovePolicy;
}

/**
 * What a host or admin does to somebody's microphone or camera.
 * - `off`: Switches it off; its user may switch it on again.
 * - `locked`: Switches it off, and keeps it so until it is unlocked.
 * - `unlocked`: Lets its user switch it on again; does not switch it on.
 */
export type DeviceOrder = 'off' | 'locked' | 'unlocked';

/** What to do to somebody's devices; what is absent stays as it is. */
export interface SeatSetDeviceParams {
  /** The room. */
  roomId: string;
  /** Whose devices; they have to be on stage. */
  userId: string;
  /** What to do to the microphone. */
  microphone?: DeviceOrder;
  /** What to do to the camera. */
  camera?: DeviceOrder;
}

/** How members are to come on stage. */
export interface SeatSetModeParams {
  /** The room. */
  roomId: string;
  /** The mode. */
  seatMode: SeatMode;
}

/** Requests to connect with one or several rooms. */
export interface CoHostRequestParams {
  /** The caller's room. */
  roomId: string;
  /** The rooms to connect with, one to nine. */
  targetRoomIds: string[];
  /** How the stage is to be drawn while the rooms are connected. */
  layoutTemplateId?: number;
  /** How long a request stays open, in seconds, up to 1800; 0 for as long as the rooms live. */
  timeout?: number;
  /** Anything the other hosts should see with it, up to 1024 bytes. */
  extraInfo?: string;
}

/** What became of each request at once. */
export interface CoHostRequestResult {
  /** By room: 0 sent (or, when that room had asked already, accepted), 1 the room does not exist, 2 already connecting or connected with each other, 3 both are connected with others, 4 too many rooms, 5 try again, -1 not possible (the caller's own room). */
  results: Record<string, number>;
}

/** A request of the caller's room to another. */
export interface CoHostTargetParams {
  /** The caller's room. */
  roomId: string;
  /** The room that was asked. */
  targetRoomId: string;
}

/** A request of another room to the caller's. */
export interface CoHostFromParams {
  /** The caller's room. */
  roomId: string;
  /** The room that asked. */
  fromRoomId: string;
}

/** Which page of the rooms one can connect with to list. */
export interface CoHostCandidatesParams {
  /** The caller's room. */
  roomId: string;
  /** Where the last page ended; absent or empty for the first. */
  cursor?: string;
}

/** A room one can connect with. */
export interface CoHostCandidate {
  /** The room. */
  roomId: string;
  /** Its host. */
  host: User;
  /** How many members it has, the host not counted. */
  audienceCount: number;
}

/** A page of the rooms one can connect with. */
export interface CoHostCandidatesResult {
  /** At most 20 rooms: public, live, not the caller's own, not asked already and not connected with it. */
  candidates: CoHostCandidate[];
  /** Where the next page starts; empty at the end. */
  cursor: string;
}

/** Whether the caller's whole room hears a connected room. */
export interface CoHostMuteParams {
  /** The caller's room. */
  roomId: string;
  /** The connected room. */
  remoteRoomId: string;
  /** Whether its sound is silenced here. */
  muted: boolean;
}

/** A session description offered for a room. */
export interface MediaOfferParams {
  /** The room. */
  roomId: string;
  /** The offer (SDP). */
  offer: string;
}

/** The session description that answers an offer. */
export interface MediaAnswer {
  /** The answer (SDP). */
  answer: string;
}

/** Which of the caller's own devices to mute; what is absent stays. */
export interface MediaSetMutedParams {
  /** The room. */
  roomId: string;
  /** Whether the microphone is muted. */
  microphone?: boolean;
  /** Whether the camera is muted. */
  camera?: boolean;
}

/** How a viewer shows one slot of the stage. */
export interface SlotWish {
  /** The slot, from 0. */
  slot: number;
  /** The height of the place for the picture, in pixels of the screen: a higher picture is of no use; 0 when any is. */
  maxHeight: number;
  /** Whether the picture is not shown at all, so that nothing of it is sent; sound is not concerned. */
  paused?: boolean;
}

/** How the caller shows some slots; the others stay as they were. */
export interface MediaPreferParams {
  /** The room. */
  roomId: string;
  /** The slots, at most 64. */
  slots: SlotWish[];
}

/** Which page of a room's members to list. */
export interface AudienceListParams {
  /** The room. */
  roomId: string;
  /** Where the last page ended; absent or empty for the first. */
  cursor?: string;
  /** How many members at most, up to 200; 0 leaves it to the server. */
  count?: number;
}

/** A member of a room. */
export interface AudienceMember {
  /** Who it is. */
  user: User;
  /** What they may do. */
  role: Role;
  /** When they joined, in milliseconds since the Unix epoch. */
  joinedAt: number;
  /** Whether a host or admin has forbidden them to write. */
  messageDisabled?: boolean;
  /** What they let others know of them; absent when that is nothing. */
  state?: Record<string, string>;
}

/** A page of a room's members. */
export interface AudienceListResult {
  /** The members, latest first; the host is not among them. */
  members: AudienceMember[];
  /** How many there are in all. */
  count: number;
  /** Where the next page starts; empty at the end. */
  cursor: string;
}

/** Whether someone is to be an admin. */
export interface AudienceSetAdminParams {
  /** The room. */
  roomId: string;
  /** Whom it is about. */
  userId: string;
  /** Whether they become an admin or stop being one. */
  isAdmin: boolean;
}

/** Whether someone may write. */
export interface AudienceSetMessageDisabledParams {
  /** The room. */
  roomId: string;
  /** Whom it is about. */
  userId: string;
  /** Whether they may not write any more, or may again. */
  disabled: boolean;
}

/**
 * What kind of message it is.
 * - `text`: Something to read.
 * - `custom`: Something for the application.
 */
export type MessageKind = 'text' | 'custom';

/** A message to a room. */
export interface MessageSendParams {
  /** The room. */
  roomId: string;
  /** What kind of message it is. */
  kind: MessageKind;
  /** What to read, of a text message: 1 to 2,000 characters. */
  text?: string;
  /** What the application makes of it, at most 8 KiB; a custom message has it, a text message may. */
  data?: string;
  /** Which of the application's messages it is, at most 64 bytes; absent when there is nothing to tell apart. */
  customType?: string;
  /** Who receives it beside the sender: 1 to 50 members, of whom those who are not here are passed over; absent for everybody. */
  to?: string[];
}

/** A message has been sent. */
export interface MessageSendResult {
  /** The message's id. */
  messageId: string;
  /** Its place in the room's log. */
  seq: number;
}

/** Which messages of the past to list. */
export interface MessageHistoryParams {
  /** The room. */
  roomId: string;
  /** Only messages before this place in the room's log; absent for the latest. */
  beforeSeq?: number;
  /** How many messages at most, up to 100; 0 leaves it to the server. */
  count?: number;
}

/** A message of the past. */
export interface RoomMessage {
  /** The message's id. */
  messageId: string;
  /** Its place in the room's log. */
  seq: number;
  /** When it was sent, in milliseconds since the Unix epoch. */
  at: number;
  /** Who sent it. */
  from: User;
  /** What kind of message it is. */
  kind: MessageKind;
  /** What to read, of a text message. */
  text?: string;
  /** What the application makes of it. */
  data?: string;
  /** Which of the application's messages it is. */
  customType?: string;
  /** Who received it beside the sender; absent for everybody. */
  to?: string[];
}

/** Messages of the past. */
export interface MessageHistoryResult {
  /** The latest of those that were asked for and the caller may see, in order; none at the end. */
  messages: RoomMessage[];
}

/** What the caller wants others to know of them. */
export interface PresenceSetStateParams {
  /** The room. */
  roomId: string;
  /** Values to set, by key; a null or empty one removes its key. At most 32 keys and 4 KiB remain. */
  state: Record<string, string>;
}

/** Whose rooms to list. */
export interface PresenceWhereIsParams {
  /** Whom it is about; absent for the caller, who may ask of nobody else. */
  userId?: string;
}

/** A room someone is in. */
export interface UserPlace {
  /** The room. */
  roomId: string;
  /** What they may do there. */
  role: Role;
  /** When they joined, in milliseconds since the Unix epoch. */
  joinedAt: number;
}

/** Where someone is. */
export interface PresenceWhereIsResult {
  /** The rooms they are in, in the order in which they joined. */
  rooms: UserPlace[];
}

/** A request was made. */
export interface SeatRequestData {
  /** The open request. */
  request: SeatRequest;
}

/**
 * How a request ended.
 * - `accepted`: The other side agreed, and the user is seated.
 * - `rejected`: The other side declined.
 * - `cancelled`: The side that made it took it back, or left.
 * - `timedOut`: Nobody answered in time.
 * - `alreadySeated`: The user came on stage another way.
 * - `failed`: It was accepted, but the user could not be seated; see the code.
 * - `roomEnded`: The room ended; told by `room.ended` alone.
 */
export type RequestOutcome = 'accepted' | 'rejected' | 'cancelled' | 'timedOut' | 'alreadySeated' | 'failed' | 'roomEnded';

/** A request has ended; there is exactly one such notification per request. */
export interface SeatRequestEndedData {
  /** The request as it was. */
  request: SeatRequest;
  /** How it ended. */
  outcome: RequestOutcome;
  /** Who ended it; null when time or the server did. */
  by: User | null;
  /** Why it failed; 0 for every other outcome. */
  code: number;
  /** The code in words; empty for every other outcome. */
  message: string;
}

/**
 * Why someone no longer sits.
 * - `left`: They left the seat.
 * - `kicked`: A host or admin took them off.
 * - `timedOut`: Their connection was lost and did not come back in time.
 * - `replaced`: A host or admin gave the seat to someone else.
 * - `roomLeft`: They left the room.
 */
export type SeatLeaveReason = 'left' | 'kicked' | 'timedOut' | 'replaced' | 'roomLeft';

/** Someone who no longer sits. */
export interface SeatLeaver {
  /** Who it is. */
  user: User;
  /** Where they sat. */
  seatIndex: number;
  /** Why they no longer do. */
  reason: SeatLeaveReason;
  /** Who took them off; null when nobody did. */
  by: User | null;
}

/** The seats have changed. */
export interface SeatChangedData {
  /** All seats as they are now. */
  seats: Seat[];
  /** Who sat down. */
  joined: User[];
  /** Who no longer sits. */
  left: SeatLeaver[];
}

/** A request to connect was made. */
export interface HostRequestData {
  /** The request. */
  request: HostRequest;
}

/** A request to connect has ended, exactly once. */
export interface HostRequestEndedData {
  /** The request. */
  request: HostRequest;
  /** How it ended. */
  outcome: RequestOutcome;
  /** Why it failed; 0 when it did not. */
  code: number;
}

/**
 * Why a room left a connection.
 * - `left`: Its host left the connection.
 * - `roomEnded`: The room ended.
 * - `hostTimeout`: Its host was away for too long.
 * - `removed`: The application's backend ended the connection.
 * - `alone`: It was the last one left.
 */
export type HostLeaveReason = 'left' | 'roomEnded' | 'hostTimeout' | 'removed' | 'alone';

/** A room that has left a connection. */
export interface DepartedHost {
  /** The room. */
  roomId: string;
  /** Its host. */
  host: User;
  /** Why it left. */
  reason: HostLeaveReason;
}

/** The rooms this one is connected with have changed. */
export interface CoHostChangedData {
  /** The connection as it is now; null when there is none any more. */
  connection: HostConnection | null;
  /** Who came, this room not counted. */
  joined: RoomHost[];
  /** Who went; this room among them when it is the one. */
  left: DepartedHost[];
}

/** The stage has changed. */
export interface StageChangedData {
  /** Who is on stage, and where, in stage order. */
  stage: StageEntry[];
  /** What the regions are fractions of. */
  canvas: Canvas;
}

/** A member and their role. */
export interface MemberData {
  /** Who it is. */
  user: User;
  /** Their role. */
  role: Role;
}

/**
 * Why a member left.
 * - `left`: They left.
 * - `kicked`: A host or admin removed them.
 * - `connectionLost`: Their connection was lost, and their grace, if they had one, ran out.
 */
export type MemberLeaveReason = 'left' | 'kicked' | 'connectionLost';

/** A member has left. */
export interface AudienceLeftData {
  /** Who it was. */
  user: User;
  /** Their role. */
  role: Role;
  /** Why they left. */
  reason: MemberLeaveReason;
  /** How long they were there. */
  durationSeconds: number;
}

/** The audience has changed. */
export interface AudienceChangedData {
  /** How many members there are, the host not counted. */
  count: number;
  /** At most 200 of them, the latest first. */
  sample: User[];
}

/** Someone may not write any more, or may again. */
export interface MessageDisabledData {
  /** Whom it is about. */
  user: User;
  /** Whether they may not. */
  disabled: boolean;
}

/** Someone has sent a message. */
export interface MessageData {
  /** The message's id. */
  messageId: string;
  /** Who sent it. */
  from: User;
  /** What kind of message it is. */
  kind: MessageKind;
  /** What to read, of a text message. */
  text?: string;
  /** What the application makes of it. */
  data?: string;
  /** Which of the application's messages it is. */
  customType?: string;
  /** Who receives it beside the sender; absent for everybody. */
  to?: string[];
}

/** The host is there again, or no longer. */
export interface RoomPhaseData {
  /** The phase the room is in now. */
  phase: RoomPhase;
}

/** What has changed about the room; what is absent has not. */
export interface RoomUpdatedData {
  /** The room's name. */
  name?: string;
  /** What the host wants everybody to read. */
  notice?: string;
  /** The picture lists show. */
  coverUrl?: string;
  /** How the stage is drawn. */
  seatLayoutTemplateId?: number;
  /** How members come on stage. */
  seatMode?: SeatMode;
  /** All values of the application, as they are now. */
  metadata?: Record<string, string>;
  /** Whether only hosts and admins may write. */
  messagesDisabled?: boolean;
}

/**
 * Why a room ended.
 * - `host`: The host ended it.
 * - `server`: The application's backend or the server ended it.
 * - `hostTimeout`: The host did not come back in time.
 */
export type RoomEndReason = 'host' | 'server' | 'hostTimeout';

/** The room has ended, and every open request with it. */
export interface RoomEndedData {
  /** Why. */
  reason: RoomEndReason;
}

/** The state of a room, which replaces what the client holds. */
export interface RoomSyncParams {
  /** The room. */
  roomId: string;
  /** The sequence number of the last event that is part of the snapshot. */
  seq: number;
  /** The room as the client's user sees it; null when the user is not in it any more. */
  room: RoomSnapshot | null;
}

/** Which encodings of the picture the client publishes somebody watches, at the moment. */
export interface MediaLayersWantedParams {
  /** The room. */
  roomId: string;
  /** Their names as in the client's offer (RFC 8851), from the lowest on; none when nobody watches. Until the first such notification after an offer all are wanted. */
  rids: string[];
}

/** Every method: what it takes and what it gives. */
export interface Methods {
  /** Opens the session; the first message of every connection. */
  'session.open': { params: SessionOpenParams; result: SessionOpenResult };
  /** Shows that the client is there. */
  'session.ping': { params: Record<string, never>; result: SessionPingResult };
  /** Goes live; the owner of a live room joins it again. */
  'room.start': { params: RoomStartParams; result: RoomEntered };
  /** Joins a live room, and subscribes when an offer comes with it. */
  'room.join': { params: RoomJoinParams; result: RoomEntered };
  /** Leaves the room; when the host does, it ends after the host's grace. */
  'room.leave': { params: RoomParams; result: Record<string, never> };
  /** Ends the live (host). */
  'room.end': { params: RoomParams; result: Record<string, never> };
  /** Changes what the room shows (host, admin). */
  'room.update': { params: RoomUpdateParams; result: Record<string, never> };
  /** Lists the public rooms that are live. */
  'room.list': { params: RoomListParams; result: RoomListResult };
  /** Asks for a seat; the host, admins and everybody in free mode are seated at once. */
  'seat.apply': { params: SeatApplyParams; result: SeatApplyResult };
  /** Takes the caller's open application back. */
  'seat.cancelApplication': { params: RoomParams; result: Record<string, never> };
  /** Seats an applicant (host, admin). */
  'seat.acceptApplication': { params: RoomUserParams; result: Record<string, never> };
  /** Declines an application (host, admin). */
  'seat.rejectApplication': { params: RoomUserParams; result: Record<string, never> };
  /** Asks a member to a seat; one who has applied is seated at once (host, admin). */
  'seat.invite': { params: SeatInviteParams; result: SeatInviteResult };
  /** Takes an invitation back, whoever made it (host, admin). */
  'seat.cancelInvitation': { params: RoomUserParams; result: Record<string, never> };
  /** Accepts the caller's invitation. */
  'seat.acceptInvitation': { params: RoomParams; result: Record<string, never> };
  /** Declines the caller's invitation. */
  'seat.rejectInvitation': { params: RoomParams; result: Record<string, never> };
  /** Sits down without asking (host, admin; everybody in free mode). */
  'seat.take': { params: SeatTakeParams; result: Record<string, never> };
  /** Leaves the caller's seat. */
  'seat.leave': { params: RoomParams; result: Record<string, never> };
  /** Takes someone off stage (host, admin). */
  'seat.kick': { params: RoomUserParams; result: Record<string, never> };
  /** Locks a seat: nobody is seated on it, and who sits there stays (host, admin). */
  'seat.lock': { params: SeatParams; result: Record<string, never> };
  /** Unlocks a seat (host, admin). */
  'seat.unlock': { params: SeatParams; result: Record<string, never> };
  /** Moves the caller, or someone else (host, admin), to another seat. */
  'seat.move': { params: SeatMoveParams; result: Record<string, never> };
  /** Switches off, locks or unlocks the devices of someone on stage (host, admin). */
  'seat.setDevice': { params: SeatSetDeviceParams; result: Record<string, never> };
  /** Changes how members come on stage (host). */
  'seat.setMode': { params: SeatSetModeParams; result: Record<string, never> };
  /** Asks the hosts of other rooms to connect; one who has asked already is accepted (host, admin). */
  'coHost.request': { params: CoHostRequestParams; result: CoHostRequestResult };
  /** Takes a request back (host, admin). */
  'coHost.cancel': { params: CoHostTargetParams; result: Record<string, never> };
  /** Accepts a request: the rooms are connected (host, admin). */
  'coHost.accept': { params: CoHostFromParams; result: Record<string, never> };
  /** Declines a request (host, admin). */
  'coHost.reject': { params: CoHostFromParams; result: Record<string, never> };
  /** Leaves the connection (host, admin). */
  'coHost.exit': { params: RoomParams; result: Record<string, never> };
  /** Lists public rooms to connect with (host, admin). */
  'coHost.candidates': { params: CoHostCandidatesParams; result: CoHostCandidatesResult };
  /** Silences a connected room for everybody in the caller's (host, admin). */
  'coHost.muteRemoteAudio': { params: CoHostMuteParams; result: Record<string, never> };
  /** Subscribes to the stage; again with a new offer to negotiate anew. */
  'media.subscribe': { params: MediaOfferParams; result: MediaAnswer };
  /** Opens what the caller will receive the stage with, ahead of room.join; nothing is sent on it before. */
  'media.prepare': { params: MediaOfferParams; result: MediaAnswer };
  /** Publishes the caller's devices; nobody receives them before the caller is on stage. */
  'media.publish': { params: MediaOfferParams; result: MediaAnswer };
  /** Stops publishing. */
  'media.unpublish': { params: RoomParams; result: Record<string, never> };
  /** Mutes or unmutes the caller's devices; muted ones are not forwarded. */
  'media.setMuted': { params: MediaSetMutedParams; result: Record<string, never> };
  /** Says how the caller shows slots: in which height, or not at all; no more than that is sent. */
  'media.prefer': { params: MediaPreferParams; result: Record<string, never> };
  /** Lists the members of the room. */
  'audience.list': { params: AudienceListParams; result: AudienceListResult };
  /** Removes a member from the room (host, admin). */
  'audience.kick': { params: RoomUserParams; result: Record<string, never> };
  /** Makes a member an admin, or no longer (host). */
  'audience.setAdmin': { params: AudienceSetAdminParams; result: Record<string, never> };
  /** Forbids a member to write, or allows it again; it holds when they leave and come back (host, admin). */
  'audience.setMessageDisabled': { params: AudienceSetMessageDisabledParams; result: Record<string, never> };
  /** Sends a message to everybody in the room, or to some. */
  'message.send': { params: MessageSendParams; result: MessageSendResult };
  /** Lists the latest messages that the room still has. */
  'message.history': { params: MessageHistoryParams; result: MessageHistoryResult };
  /** Changes what the others in the room know of the caller. */
  'presence.setState': { params: PresenceSetStateParams; result: Record<string, never> };
  /** Tells what a member lets others know of them. */
  'presence.getState': { params: RoomUserParams; result: PresenceState };
  /** Lists the rooms the caller is in, by whichever connection. */
  'presence.whereIs': { params: PresenceWhereIsParams; result: PresenceWhereIsResult };
}

/** The data of every `room.event`, by its type. */
export interface RoomEvents {
  /** Someone asks for a seat. */
  'seat.applied': SeatRequestData;
  /** An application has ended, exactly once. */
  'seat.applicationEnded': SeatRequestEndedData;
  /** Someone is invited to a seat. */
  'seat.invited': SeatRequestData;
  /** An invitation has ended, exactly once. */
  'seat.invitationEnded': SeatRequestEndedData;
  /** A seat, or who sits on it, has changed. */
  'seat.changed': SeatChangedData;
  /** A room asks another to connect. */
  'coHost.requested': HostRequestData;
  /** A request to connect has ended, exactly once. */
  'coHost.requestEnded': HostRequestEndedData;
  /** The rooms this one is connected with, or what it hears of them, has changed. */
  'coHost.changed': CoHostChangedData;
  /** Who is on stage, on which slot and where, has changed. */
  'stage.changed': StageChangedData;
  /** A member has joined. */
  'audience.joined': MemberData;
  /** A member has left. */
  'audience.left': AudienceLeftData;
  /** The audience has changed; at most once a second. */
  'audience.changed': AudienceChangedData;
  /** A member has become an admin, or no longer is one. */
  'member.roleChanged': MemberData;
  /** A member may not write any more, or may again. */
  'member.messageDisabledChanged': MessageDisabledData;
  /** Someone has sent a message. */
  'message': MessageData;
  /** What a member lets others know of them has changed. */
  'presence.changed': PresenceState;
  /** The host is away, or there again. */
  'room.phase': RoomPhaseData;
  /** What the room shows has changed. */
  'room.updated': RoomUpdatedData;
  /** The room has ended, and every open request with it. */
  'room.ended': RoomEndedData;
}

/** The codes of errors, by name. */
export const ErrorCodes = {
  /** The message is not valid JSON. */
  parseError: -32700,
  /** The message is not a valid JSON-RPC call. */
  invalidRequest: -32600,
  /** There is no such method. */
  methodNotFound: -32601,
  /** Invalid parameters. */
  invalidParams: -32602,
  /** The server failed to do this. */
  internalError: -32603,
  /** Open the session first. */
  sessionNotOpen: 1001,
  /** The access token is not valid. */
  badToken: 1002,
  /** The access token has expired. */
  tokenExpired: 1003,
  /** Too many calls. */
  rateLimited: 1004,
  /** The message is too large. */
  tooLarge: 1005,
  /** A limit of the server is reached. */
  limitReached: 1006,
  /** The room id is taken. */
  roomIdTaken: 100003,
  /** The room does not exist. */
  roomNotFound: 100004,
  /** The user is not in the room. */
  userNotInRoom: 100005,
  /** Insufficient operation permissions. */
  noPermission: 100006,
  /** The room is full. */
  roomFull: 100008,
  /** Seat is locked. */
  seatLocked: 100200,
  /** Seat is already occupied. */
  seatOccupied: 100201,
  /** User is already in a seat. */
  alreadySeated: 100203,
  /** All seats are occupied. */
  allSeatsOccupied: 100205,
  /** User is not in a seat. */
  notSeated: 100206,
  /** There is no such open request. */
  noSuchRequest: -2311,
  /** Maximum seat count exceeds the limit. */
  tooManySeats: -2340,
  /** Seat index does not exist. */
  noSuchSeat: -2344,
  /** The microphone is locked by a host or admin. */
  microphoneLocked: -2360,
  /** The camera is locked by a host or admin. */
  cameraLocked: -2370,
  /** Messages are disabled in this room. */
  messagesDisabled: -2380,
  /** The user may not send messages in this room. */
  messageDisabled: -2381,
  /** The rooms are not connected. */
  connectionNotFound: 100400,
  /** The room is connected with other rooms. */
  connectedElsewhere: 100403,
  /** The maximum number of connected rooms is reached. */
  tooManyConnections: 100404,
  /** Too many keys of metadata. */
  tooManyMetadataKeys: 100500,
  /** The metadata is too large. */
  metadataTooLarge: 100501,
  /** The message was refused. */
  messageRefused: 100600,
  /** The message could not be checked. */
  messageNotChecked: 100601,
} as const;

/** The codes a WebSocket is closed with, by name. */
export const CloseCodes = {
  /** The session was not opened, or its token is no longer good: get a new token first. Do not connect again by yourself. */
  unauthorized: 4401,
  /** The client reads its messages too slowly. Connect again. */
  slowConsumer: 4408,
  /** Nothing was heard from the client for too long. Connect again. */
  silent: 4409,
  /** The server is going away. Connect again. */
  goingAway: 4410,
  /** The same user came with a newer connection. Do not connect again by yourself. */
  replaced: 4501,
  /** A host or admin removed the user. Do not connect again by yourself. */
  kicked: 4503,
  /** The room has ended. Do not connect again by yourself. */
  roomEnded: 4504,
  /** The client broke the protocol. Do not connect again by yourself. */
  protocolError: 4510,
} as const;
