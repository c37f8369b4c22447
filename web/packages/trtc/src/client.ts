import { DaisClient } from '@dais/client';
import type { ConnectionStatus, Publication } from '@dais/client';
import type { ClientEvents, ConnectionState } from './clientEvents.js';
import { enter, signIn, type Role } from './entering.js';
import { EventHub, type Handler } from './eventHub.js';
import { LocalStream } from './localStream.js';
import type { RemoteMutedState, SubscribeOptions } from './remotePeers.js';
import { RemoteStream } from './remoteStream.js';
import { roomIdOf, type RoomIds } from './roomId.js';
import { RtcError, rtcErrorOf } from './rtcError.js';
import * as stats from './stats.js';
import { Stay } from './stay.js';
import type { World } from './world.js';

export interface ClientConfig extends RoomIds {
  /** Says nothing here. */
  sdkAppId: number;
  userId: string;
  /** The access token. Where the server runs in development mode, anything passes. */
  userSig: string;
  /** `live`: there is an audience. `rtc`: everybody is an anchor. */
  mode: 'rtc' | 'live';
  /** Whether streams are subscribed to as they are added; default true. */
  autoSubscribe?: boolean;
  /** Address of the server, for example `https://live.example.org`; default: the page's origin. */
  url?: string;
}

export interface JoinOptions {
  roomId: number | string;
  /** In `live` mode only; default `anchor`. */
  role?: Role;
}

/** Who watches a room. */
export interface Audience {
  /** How many there are. */
  count: number;
  /** At most 200 of them, the latest first. */
  users: { userId: string; userName: string }[];
}

type ByUser<T> = Record<string, T>;

/** One connection of one user to one room. Two of them may be in two rooms at once under the same user id. */
export class Client {
  readonly #hub = new EventHub<ClientEvents>();
  #joining: DaisClient | null = null;
  #stay: Stay | null = null;
  #state: ConnectionState = 'DISCONNECTED';
  #isDestroyed = false;

  /** @internal */
  constructor(
    private readonly config: ClientConfig,
    private readonly world: World,
  ) {
    const { userId, userSig, mode } = config;
    if (typeof userId !== 'string' || userId === '' || typeof userSig !== 'string') {
      throw new RtcError('INVALID_PARAMETER', 'A client needs userId and userSig.');
    }
    if (mode !== 'live' && mode !== 'rtc') {
      throw new RtcError('INVALID_PARAMETER', "The mode is 'live' or 'rtc'.");
    }
  }

  /** Enters a room. An anchor starts it when nobody has; the audience waits a few seconds for it to begin. */
  async join({ roomId, role = 'anchor' }: JoinOptions): Promise<void> {
    if (this.#isDestroyed || this.#stay !== null || this.#joining !== null) {
      throw new RtcError('INVALID_OPERATION', 'This client is in a room already, or was destroyed.');
    }
    if (role !== 'anchor' && role !== 'audience') {
      throw new RtcError('INVALID_PARAMETER', "The role is 'anchor' or 'audience'.");
    }
    const id = roomIdOf(roomId, this.config);
    const { userId, userSig, url, mode, autoSubscribe = true } = this.config;
    const dais = new DaisClient({ ...(url === undefined ? {} : { url }), environment: this.world });
    dais.status.subscribe((status) => this.#onStatus(dais, status));
    this.#joining = dais;
    try {
      await signIn(dais, userId, userSig, this.world);
      const room = await enter(dais, id, mode === 'rtc' ? 'anchor' : role, this.world);
      if (room.state.get().closed !== null) {
        throw new RtcError('JOIN_ROOM_FAILED', 'The room was over at once.');
      }
      const stay = new Stay(dais, room, this.#hub, this.world, autoSubscribe, () => this.#forget(stay));
      this.#stay = stay;
      // Later, so that code that registers its handlers right after `join` hears of everyone.
      this.world.startTimer(() => this.#stay === stay && stay.announce(), 0);
    } catch (thrown) {
      dais.close();
      throw rtcErrorOf(thrown, 'JOIN_ROOM_FAILED');
    } finally {
      this.#joining = null;
    }
  }

  /** Leaves the room, or stops joining it. What is published ends, and remote streams play no longer. */
  async leave(): Promise<void> {
    this.#joining?.close();
    const stay = this.#stay;
    this.#stay = null;
    await stay?.leave();
  }

  /** The client is of no use any more; leave first. */
  destroy(): void {
    if (this.#stay !== null || this.#joining !== null) {
      throw new RtcError('INVALID_OPERATION', 'Leave the room before the client is destroyed.');
    }
    this.#isDestroyed = true;
    this.#hub.off('*');
  }

  /** Publishes a stream, which is initialized if it is not yet. */
  async publish(stream: LocalStream, options: { isAuxiliary?: boolean } = {}): Promise<void> {
    const stay = this.#requireStay();
    if (!(stream instanceof LocalStream)) {
      throw new RtcError('INVALID_PARAMETER', 'Publish what createStream gives.');
    }
    if (options.isAuxiliary === true) {
      throw notSupported('A second stream of one user');
    }
    if (stay.role === 'audience') {
      throw new RtcError('INVALID_OPERATION', "The audience publishes nothing: switchRole('anchor') first.");
    }
    if (stay.published !== null) {
      throw new RtcError('INVALID_OPERATION', 'A stream is published already: unpublish it first.');
    }
    await this.#do(stay, 'UNKNOWN', () => stay.publish(stream));
  }

  async unpublish(stream: LocalStream): Promise<void> {
    const stay = this.#requireStay();
    if (stay.published !== stream) {
      throw new RtcError('INVALID_OPERATION', 'This stream is not published here.');
    }
    await this.#do(stay, 'UNKNOWN', () => stay.unpublish());
  }

  /** Receives a stream: sound, picture or, by default, both. */
  async subscribe(stream: RemoteStream, options?: SubscribeOptions): Promise<void> {
    this.#requireStay().peers.subscribe(requireRemote(stream), options);
  }

  /** Plays a stream no longer. */
  async unsubscribe(stream: RemoteStream): Promise<void> {
    this.#requireStay().peers.unsubscribe(requireRemote(stream));
  }

  /** Comes on stage, or leaves it; in `live` mode. */
  async switchRole(role: Role): Promise<void> {
    const stay = this.#requireStay();
    if (this.config.mode !== 'live') {
      throw new RtcError('INVALID_OPERATION', "There are roles in 'live' mode only.");
    }
    if (role !== 'anchor' && role !== 'audience') {
      throw new RtcError('INVALID_PARAMETER', "The role is 'anchor' or 'audience'.");
    }
    await this.#do(stay, 'SWITCH_ROLE_FAILED', () => stay.takeRole(role));
  }

  on<E extends keyof ClientEvents>(event: E, handler: Handler<ClientEvents[E]>, context?: unknown): void {
    this.#hub.on(event, handler, context);
  }

  /** Takes back one handler; `off('*')` takes back all. */
  off<E extends keyof ClientEvents>(event: E | '*', handler?: Handler<ClientEvents[E]>): void {
    this.#hub.off(event, handler);
  }

  /** What everyone else on stage sends. */
  getRemoteMutedState(): RemoteMutedState[] {
    return this.#stay?.peers.mutedStates() ?? [];
  }

  /** Who watches: everyone in the room who is not on stage. Not in the SDK whose names these are. */
  getAudience(): Audience {
    const { audience, room } = this.#requireStay();
    const { audienceCount, audience: listed } = room.state.get();
    return {
      count: audienceCount - (listed.length - audience.length),
      users: audience.map(({ userId, userName }) => ({ userId, userName })),
    };
  }

  async getTransportStats(): Promise<stats.TransportStats> {
    return stats.transportStats(this.#requireStay().room);
  }

  async getLocalAudioStats(): Promise<ByUser<stats.LocalAudioStats>> {
    return this.#ofLocal(stats.localAudioStats);
  }

  async getLocalVideoStats(): Promise<ByUser<stats.LocalVideoStats>> {
    return this.#ofLocal(stats.localVideoStats);
  }

  async getRemoteAudioStats(): Promise<ByUser<stats.RemoteAudioStats>> {
    return this.#ofRemote(stats.remoteAudioStats, (stream) => stream.subscribed.audio && stream.hasAudio());
  }

  async getRemoteVideoStats(): Promise<ByUser<stats.RemoteVideoStats>> {
    return this.#ofRemote(stats.remoteVideoStats, (stream) => stream.subscribed.video && stream.hasVideo());
  }

  // What a Dais server does not do says so.

  async startMixTranscode(): Promise<never> {
    throw notSupported('Mixing');
  }

  async stopMixTranscode(): Promise<never> {
    throw notSupported('Mixing');
  }

  async startPublishCDNStream(): Promise<never> {
    throw notSupported('Publishing to a CDN');
  }

  async stopPublishCDNStream(): Promise<never> {
    throw notSupported('Publishing to a CDN');
  }

  async enableSmallStream(): Promise<never> {
    throw notSupported('A small stream');
  }

  async disableSmallStream(): Promise<never> {
    throw notSupported('A small stream');
  }

  setSmallStreamProfile(): never {
    throw notSupported('A small stream');
  }

  async setRemoteVideoStreamType(): Promise<never> {
    throw notSupported('A small stream');
  }

  enableAudioVolumeEvaluation(): never {
    throw notSupported('The event audio-volume (ask getAudioLevel of each stream)');
  }

  sendSEIMessage(): never {
    throw notSupported('SEI');
  }

  setTurnServer(): never {
    throw notSupported('A TURN server of the page (the server names its own)');
  }

  setProxyServer(): never {
    throw notSupported('A proxy (say the url in createClient)');
  }

  async #do(stay: Stay, otherwise: Parameters<Stay['errorOf']>[1], what: () => Promise<void>): Promise<void> {
    try {
      await what();
    } catch (thrown) {
      throw stay.errorOf(thrown, otherwise);
    }
  }

  async #ofLocal<T>(read: (publication: Publication) => Promise<T>): Promise<ByUser<T>> {
    const { room } = this.#requireStay();
    return room.publication === null ? {} : { [this.config.userId]: await read(room.publication) };
  }

  async #ofRemote<T>(
    read: (room: Stay['room'], stream: RemoteStream) => Promise<T>,
    isReceived: (stream: RemoteStream) => boolean,
  ): Promise<ByUser<T>> {
    const { room, peers } = this.#requireStay();
    const streams = peers.streams.filter(isReceived);
    const values = await Promise.all(streams.map((stream) => read(room, stream)));
    return Object.fromEntries(streams.flatMap((stream, at) => [[stream.getUserId(), values[at] as T]]));
  }

  #requireStay(): Stay {
    if (this.#stay === null) {
      throw new RtcError('INVALID_OPERATION', 'Join a room first.');
    }
    return this.#stay;
  }

  #forget(stay: Stay): void {
    if (this.#stay === stay) {
      this.#stay = null;
    }
  }

  #onStatus(dais: DaisClient, status: ConnectionStatus): void {
    const state = stateOf(status, this.#joining === dais);
    const prevState = this.#state;
    if (state !== prevState) {
      this.#state = state;
      this.#hub.emit('connection-state-changed', { prevState, state });
    }
  }
}

/** Connecting is the first time; later it is getting back. */
function stateOf(status: ConnectionStatus, isJoining: boolean): ConnectionState {
  switch (status) {
    case 'idle':
    case 'closed':
      return 'DISCONNECTED';
    case 'open':
      return 'CONNECTED';
    default:
      return isJoining ? 'CONNECTING' : 'RECONNECTING';
  }
}

function requireRemote(stream: RemoteStream): RemoteStream {
  if (!(stream instanceof RemoteStream)) {
    throw new RtcError('INVALID_PARAMETER', 'This is a stream of stream-added only.');
  }
  return stream;
}

function notSupported(what: string): RtcError {
  return new RtcError('NOT_SUPPORTED', `${what} is not supported.`);
}
