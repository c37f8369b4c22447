import type { RemoteStream } from './remoteStream.js';
import type { RtcError } from './rtcError.js';

export type ConnectionState = 'DISCONNECTED' | 'CONNECTING' | 'CONNECTED' | 'RECONNECTING';

/**
 * - `kick`: The same user came into the room once more.
 * - `banned`: A host or admin removed the user.
 * - `room-disband`: The room has ended.
 */
export type BanReason = 'kick' | 'banned' | 'room-disband';

interface OfStream {
  stream: RemoteStream;
}

interface OfUser {
  userId: string;
}

/** What the events of a client bring along. */
export interface ClientEvents {
  /** Someone on stage publishes; those who do already are told of after joining. */
  'stream-added': OfStream;
  /** A stream is received and can be played. */
  'stream-subscribed': OfStream;
  /** Someone has added what their stream did not have before. */
  'stream-updated': OfStream;
  /** Someone publishes no longer. */
  'stream-removed': OfStream;
  /** Someone has come on stage. */
  'peer-join': OfUser;
  /** Someone has left the stage. */
  'peer-leave': OfUser;
  'mute-audio': OfUser;
  'unmute-audio': OfUser;
  'mute-video': OfUser;
  'unmute-video': OfUser;
  /** The client is in the room no longer, and not because it left. */
  'client-banned': { reason: BanReason; message: string };
  'connection-state-changed': { prevState: ConnectionState; state: ConnectionState };
  /** What went wrong without anybody having asked. */
  'error': RtcError;
}
