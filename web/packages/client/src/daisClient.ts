import { Connection } from './connection.js';
import type { Session } from './connection.js';
import type { ConnectionStatus } from './connectionState.js';
import { browserEnvironment } from './environment.js';
import type { Environment } from './environment.js';
import { LiveError } from './liveError.js';
import { OpenRooms } from './openRooms.js';
import type { UserPlace } from './protocol.gen.js';
import type { Room } from './room.js';
import type { Params, Result } from './rpc.js';
import { Store } from './store.js';
import type { ReadonlyStore } from './store.js';

export interface DaisClientOptions {
  /** Address of the server, for example `https://live.example.org`; default: the page's origin. */
  url?: string;
  /** How many people on stage can be received at once; default 10. */
  slots?: number;
  environment?: Environment;
}

/** Who signs in: a token, or, where the server runs in development mode, a bare user id. */
export interface Login {
  userId?: string;
  userName?: string;
  avatarUrl?: string;
  token?: string;
  /** Gives a token: the first one, when `token` is missing, and a new one when the server refuses the last. */
  getToken?: () => Promise<string>;
}

/** Platform number of the web in `session.open`. */
const webPlatform = 7;

/** The client: one connection to a server, and the rooms this user is in. */
export class DaisClient {
  readonly #connection: Connection;
  readonly #rooms: OpenRooms;
  readonly #session = new Store<Session | null>(null);
  readonly #reconnecting = new Store(false);
  readonly #lastError = new Store<LiveError | null>(null);
  readonly #environment: Environment;
  #login: Login = {};
  #clockOffsetMs = 0;
  #selfId = '';
  #stopWatching: (() => void) | null = null;
  #waiting: { resolve: (session: Session) => void; reject: (error: LiveError) => void }[] = [];

  constructor(options: DaisClientOptions = {}) {
    const environment = options.environment ?? browserEnvironment();
    this.#environment = environment;
    this.#connection = new Connection(environment, {
      url: socketAddress(options.url ?? environment.origin),
      credentials: () => this.#credentials(),
      seqs: () => this.#rooms.seqs(),
      renewToken: () => this.#renewToken(),
      onOpen: (session) => this.#onOpen(session),
      onClosed: (error) => this.#onClosed(error),
      onNotification: (notification) => this.#rooms.receive(notification),
    });
    this.#rooms = new OpenRooms({
      environment,
      slots: options.slots ?? 10,
      call: (method, params) => this.#connection.call(method, params),
      iceServers: () => this.#session.get()?.iceServers ?? [],
      selfId: () => this.#selfId,
    });
    this.status.subscribe((status) => this.#onStatus(status));
  }

  get status(): ReadonlyStore<ConnectionStatus> {
    return this.#connection.status;
  }

  /**
   * Whether the connection is lost and the client tries to get it back: the rooms stay as they were meanwhile, and
   * media goes on.
   */
  get reconnecting(): ReadonlyStore<boolean> {
    return this.#reconnecting;
  }

  /** The session while it has a connection. */
  get session(): ReadonlyStore<Session | null> {
    return this.#session;
  }

  /** Why the connection was closed for good; null while it is not. */
  get lastError(): ReadonlyStore<LiveError | null> {
    return this.#lastError;
  }

  /** The rooms this client is in. */
  get rooms(): readonly Room[] {
    return this.#rooms.rooms;
  }

  /** The server's clock now, in milliseconds since the Unix epoch: what `createdAt` and `expiresAt` compare with. */
  serverNow(): number {
    return this.#environment.now() + this.#clockOffsetMs;
  }

  /**
   * Connects and opens a session; from then on the client reconnects by itself. An unreachable server is tried again
   * until it answers or `close` is called; a refusal is thrown.
   */
  async login(login: Login): Promise<Session> {
    const token = login.token ?? (await login.getToken?.());
    this.#login = { ...login, ...(token === undefined ? {} : { token }) };
    this.#lastError.set(null);
    const session = this.#session.get();
    if (session !== null) {
      return session;
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#connection.connect();
    });
  }

  /** While waiting for the next try to connect: tries at once, for example because the network is back. */
  reconnectNow(): void {
    if (this.status.get() === 'waiting') {
      this.#connection.connect();
    }
  }

  /** The rooms this user is in, by whichever connection. */
  async whereIs(): Promise<UserPlace[]> {
    return (await this.#connection.call('presence.whereIs', {})).rooms;
  }

  /** The rooms that are live; the answer's `cursor` gives the next page, `""` ends. */
  listRooms(page: Params<'room.list'> = {}): Promise<Result<'room.list'>> {
    return this.#connection.call('room.list', page);
  }

  /** Goes live. The owner of a room that is live already gets it back. */
  startRoom(options: Params<'room.start'>): Promise<Room> {
    return this.#rooms.start(options);
  }

  /**
   * Opens what a room's stage will be received by, for a room that may be joined soon: when it is joined within 25 s,
   * the picture comes with the answer. Nobody in the room hears of it, and nothing is received before. Two rooms at
   * most; the oldest is let go. Tells whether it is done; never throws, for joining works either way.
   */
  prepareRoom(roomId: string): Promise<boolean> {
    return this.#rooms.prepare(roomId);
  }

  /**
   * The streams of a prepared room, one per slot, which are the room's once it is joined; none when nothing is
   * prepared. An element that plays one before the room is joined shows the very first picture: one that nothing plays
   * is lost.
   */
  preparedStreams(roomId: string): readonly MediaStream[] {
    return this.#rooms.preparedStreams(roomId);
  }

  /** Lets go of what `prepareRoom` has opened. */
  dropPreparedRoom(roomId: string): void {
    this.#rooms.dropPrepared(roomId);
  }

  /** Joins a room and receives its stage, in one round trip. */
  joinRoom(roomId: string): Promise<Room> {
    return this.#rooms.join(roomId);
  }

  /** Closes the connection and every room on this side. */
  close(): void {
    this.#connection.close();
  }

  #credentials(): Params<'session.open'> {
    const { userId, userName, avatarUrl, token } = this.#login;
    return {
      platform: webPlatform,
      ...(userId === undefined ? {} : { userId }),
      ...(userName === undefined ? {} : { userName }),
      ...(avatarUrl === undefined ? {} : { avatarUrl }),
      ...(token === undefined ? {} : { token }),
    };
  }

  async #renewToken(): Promise<boolean> {
    const { getToken } = this.#login;
    if (getToken === undefined) {
      return false;
    }
    this.#login = { ...this.#login, token: await getToken() };
    return true;
  }

  #onStatus(status: ConnectionStatus): void {
    const isTrying = status !== 'open' && status !== 'closed';
    this.#reconnecting.set(isTrying && this.#connection.canResume);
    if (status !== 'open') {
      this.#session.set(null);
      // The server has dropped it with the connection.
      this.#rooms.dropPrepared();
    }
    if (status === 'closed') {
      this.#stopWatching?.();
      this.#stopWatching = null;
    } else {
      this.#stopWatching ??= this.#environment.watchNetwork?.(() => this.#onNetworkChange()) ?? null;
    }
  }

  #onNetworkChange(): void {
    this.#connection.networkChanged();
    this.#rooms.recoverMedia('networkChanged');
  }

  #onOpen(session: Session): void {
    this.#clockOffsetMs = session.serverTime - this.#environment.now();
    this.#selfId = session.userId;
    this.#session.set(session);
    if (session.resumed) {
      // What was missed follows; the media paths that could not be repaired without the server can be now.
      this.#rooms.recoverMedia('signalingBack');
    } else {
      this.#rooms.rejoinAll();
    }
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { resolve } of waiting) {
      resolve(session);
    }
  }

  #onClosed(error: LiveError): void {
    this.#lastError.set(error);
    this.#rooms.closeAll('connectionClosed');
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { reject } of waiting) {
      reject(error);
    }
  }
}

/** The WebSocket's address of a server that is known by its web address. */
function socketAddress(origin: string | null): string {
  if (origin === null) {
    throw LiveError.local('notConnected', 'Say the address of the server: there is no page whose origin could be it.');
  }
  const url = new URL('/v1/ws', origin);
  url.protocol = url.protocol === 'https:' || url.protocol === 'wss:' ? 'wss:' : 'ws:';
  return url.href;
}
