export { TRTC, TRTC as default } from './trtc.js';
export type { SystemRequirements } from './trtc.js';
export { ErrorCode, RtcError } from './rtcError.js';
export type { ErrorCodeName } from './rtcError.js';
export type { Audience, Client, ClientConfig, JoinOptions } from './client.js';
export type { BanReason, ClientEvents, ConnectionState } from './clientEvents.js';
export type { Role } from './entering.js';
export type { LocalStream } from './localStream.js';
export type { StreamConfig } from './capture.js';
export type { PlayOptions, PlayerState } from './player.js';
export type { AudioProfile, VideoProfile } from './profiles.js';
export type { RemoteMutedState, SubscribeOptions } from './remotePeers.js';
export type { Kinds, RemoteStream } from './remoteStream.js';
export type { Stream, StreamEvents } from './stream.js';
export type {
  LocalAudioStats,
  LocalVideoStats,
  RemoteAudioStats,
  RemoteVideoStats,
  TransportStats,
} from './stats.js';
