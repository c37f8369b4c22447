import type { Room, StageEntry } from '@dais/client';
import type { EventHub } from './eventHub.js';
import { RemoteStream, type Kinds } from './remoteStream.js';
import { RtcError } from './rtcError.js';
import type { ClientEvents } from './clientEvents.js';
import type { World } from './world.js';

/** Someone else on stage. */
interface Peer {
  entry: StageEntry;
  stream: RemoteStream | null;
  /** What they are sending now. */
  sends: Kinds;
  /** What they have sent since their stream was announced. */
  has: Kinds;
  stopSettling: () => void;
}

/** What someone on stage sends, as `getRemoteMutedState` says it. */
export interface RemoteMutedState {
  userId: string;
  hasAudio: boolean;
  hasVideo: boolean;
  audioMuted: boolean;
  videoMuted: boolean;
}

export type SubscribeOptions = Partial<Kinds>;

const kinds = ['audio', 'video'] as const;
const both: Kinds = { audio: true, video: true };

/**
 * How long what someone begins to send may change before their stream is announced: the server takes every publication
 * for sound and picture, until the publisher has said which of them is missing.
 */
const settleMs = 200;

/** Everyone else on stage, and their streams: the room's stage, told as the events of a client. */
export class RemotePeers {
  readonly #peers = new Map<string, Peer>();
  /** The stream that is being announced: a handler that says what to do with it leaves nothing to do by itself. */
  #announced: { stream: RemoteStream; isDecided: boolean } | null = null;

  constructor(
    private readonly world: World,
    private readonly room: Room,
    private readonly hub: EventHub<ClientEvents>,
    private readonly autoSubscribe: boolean,
  ) {}

  get streams(): RemoteStream[] {
    return [...this.#peers.values()].flatMap(({ stream }) => (stream === null ? [] : [stream]));
  }

  mutedStates(): RemoteMutedState[] {
    return [...this.#peers.values()].map(({ entry, stream, sends, has }) => ({
      userId: entry.user.userId,
      hasAudio: stream !== null && has.audio,
      hasVideo: stream !== null && has.video,
      audioMuted: !sends.audio,
      videoMuted: !sends.video,
    }));
  }

  /** The stage is this now. Whoever is found there at first has settled long ago. */
  update(stage: readonly StageEntry[], isFirst = false): void {
    const entries = new Map(stage.filter((entry) => !this.#isSelf(entry)).map((entry) => [keyOf(entry), entry]));
    for (const [key, peer] of [...this.#peers]) {
      if (!entries.has(key)) {
        this.#peers.delete(key);
        this.#removeStream(peer);
        this.hub.emit('peer-leave', { userId: peer.entry.user.userId });
      }
    }
    for (const [key, entry] of entries) {
      const known = this.#peers.get(key);
      if (known === undefined) {
        this.#add(key, entry, isFirst);
      } else {
        this.#change(known, entry);
      }
    }
  }

  subscribe(stream: RemoteStream, { audio = false, video = false }: SubscribeOptions = both): void {
    if (!audio && !video) {
      throw new RtcError('INVALID_PARAMETER', 'Subscribe to audio, video or both.');
    }
    const peer = this.#peerOf(stream);
    if (this.room.streamOf(peer.entry) === null) {
      throw new RtcError('REMOTE_STREAM_NOT_EXIST', 'More people are on stage than can be received.');
    }
    const { subscribed } = stream;
    if (subscribed.audio !== audio || subscribed.video !== video) {
      stream.subscribeTo({ audio, video });
      this.hub.emitOrKeep('stream-subscribed', { stream }, () => stream.subscribed.audio || stream.subscribed.video);
    }
  }

  unsubscribe(stream: RemoteStream): void {
    this.#peerOf(stream);
    stream.stop();
    stream.subscribeTo({ audio: false, video: false });
  }

  /** The room is left: nothing is received any more, and nothing told. */
  close(): void {
    for (const peer of this.#peers.values()) {
      peer.stopSettling();
      peer.stream?.detach();
    }
    this.#peers.clear();
  }

  #add(key: string, entry: StageEntry, isSettled: boolean): void {
    const none: Kinds = { audio: false, video: false };
    const peer: Peer = { entry, stream: null, sends: none, has: none, stopSettling: () => {} };
    this.#peers.set(key, peer);
    this.hub.emitOrKeep('peer-join', { userId: entry.user.userId }, () => this.#peers.get(key) === peer);
    if (isSettled) {
      peer.sends = sentBy(entry);
      this.#announce(peer);
    } else {
      this.#change(peer, entry);
    }
  }

  #change(peer: Peer, entry: StageEntry): void {
    const before = peer.sends;
    const hasMoved = peer.entry.slot !== entry.slot;
    peer.entry = entry;
    peer.sends = sentBy(entry);
    if (peer.stream === null) {
      peer.stopSettling();
      peer.stopSettling = isAny(peer.sends) ? this.world.startTimer(() => this.#announce(peer), settleMs) : () => {};
      return;
    }
    if (hasMoved) {
      peer.stream.attach(this.room.streamOf(entry));
    }
    if (before.audio && before.video && !isAny(peer.sends)) {
      // Both at once is the end of a publication; muting ends one after the other.
      this.#removeStream(peer);
      return;
    }
    this.#tellKinds(peer, peer.stream, before);
  }

  #announce(peer: Peer): void {
    if (peer.stream !== null || !isAny(peer.sends)) {
      return;
    }
    const stream = new RemoteStream(peer.entry.user.userId, this.world);
    peer.stream = stream;
    peer.has = peer.sends;
    stream.attach(this.room.streamOf(peer.entry));
    stream.setKinds(peer.has);
    const announced = { stream, isDecided: false };
    this.#announced = announced;
    this.hub.emitOrKeep('stream-added', { stream }, () => peer.stream === stream);
    this.#announced = null;
    if (this.autoSubscribe && !announced.isDecided && this.room.streamOf(peer.entry) !== null) {
      this.subscribe(stream);
    }
  }

  #tellKinds(peer: Peer, stream: RemoteStream, before: Kinds): void {
    const isNew = kinds.some((kind) => peer.sends[kind] && !peer.has[kind]);
    if (isNew) {
      peer.has = { audio: peer.has.audio || peer.sends.audio, video: peer.has.video || peer.sends.video };
      stream.setKinds(peer.has);
      this.hub.emit('stream-updated', { stream });
    }
    const { userId } = peer.entry.user;
    for (const kind of kinds) {
      if (peer.sends[kind] !== before[kind]) {
        this.hub.emit(peer.sends[kind] ? `unmute-${kind}` : `mute-${kind}`, { userId });
      }
    }
  }

  #removeStream(peer: Peer): void {
    peer.stopSettling();
    const { stream } = peer;
    peer.stream = null;
    if (stream !== null) {
      this.hub.emit('stream-removed', { stream });
      stream.detach();
    }
  }

  #peerOf(stream: RemoteStream): Peer {
    const peer = [...this.#peers.values()].find((one) => one.stream === stream);
    if (peer === undefined) {
      throw new RtcError('REMOTE_STREAM_NOT_EXIST', 'This stream is not there, or no longer.');
    }
    if (this.#announced?.stream === stream) {
      this.#announced.isDecided = true;
    }
    return peer;
  }

  /** A host of another room may have the own user's name. */
  #isSelf({ roomId, user }: StageEntry): boolean {
    const { selfId } = this.room.state.get();
    return roomId === this.room.roomId && user.userId === selfId;
  }
}

function keyOf({ roomId, user }: StageEntry): string {
  return `${roomId}/${user.userId}`;
}

function sentBy({ microphone, camera }: StageEntry): Kinds {
  return { audio: microphone === 'on', video: camera === 'on' };
}

function isAny({ audio, video }: Kinds): boolean {
  return audio || video;
}
