export { DaisClient } from './daisClient.js';
export type { DaisClientOptions, Login } from './daisClient.js';
export type { Session } from './connection.js';
export {
  classifyClose,
  connectionTable,
  transition,
  type ConnectionEffect,
  type ConnectionEvent,
  type ConnectionStatus,
} from './connectionState.js';
export { browserEnvironment, type Environment, type SocketLike } from './environment.js';
export { LiveError, clientErrorCodes } from './liveError.js';
export { openLocalMedia } from './media/localMedia.js';
export { mediaTable, mediaTransition } from './media/mediaState.js';
export type { MediaEffect, MediaEvent, MediaOccasion, MediaStatus } from './media/mediaState.js';
export type { Device, MutedState, Publication } from './media/publication.js';
export type { Subscription } from './media/subscription.js';
export type { Room } from './room.js';
export { mergeMessages, messagesMax } from './roomMessages.js';
export {
  isMutedHere,
  ownApplication,
  ownInvitation,
  ownSeat,
  reduceRoom,
  remoteHosts,
  roomStateOf,
} from './roomState.js';
export type { RoomCloseReason, RoomEvent, RoomEventType, RoomState } from './roomState.js';
export type { Method, Params, Result } from './rpc.js';
export type { ReadonlyStore } from './store.js';
export { CloseCodes, ErrorCodes } from './protocol.gen.js';
export type * from './protocol.gen.js';
