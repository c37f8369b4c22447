import { DaisClient } from '@dais/client';
import type { ConnectionStatus, Environment, LiveError, Login, Room, RoomState, User } from '@dais/client';
import { shallowReadonly, shallowRef, type ShallowRef } from 'vue';
import { refusal } from './errors';
import { shared } from './shared';

/** Where and as whom to sign in. */
export interface SignIn extends Login {
  url?: string;
}

/** A live that is over for this user: its last state, whose `closed` says why, and what the connection said. */
export interface EndedLive {
  readonly state: RoomState;
  readonly error: LiveError | null;
}

/** Someone who wants to hear of what the session does. */
export interface SessionObserver {
  /** A live was entered. Its state is known; events are told to whoever subscribes now. */
  onEntered?(room: Room): void;
  /** The live is over for this user, and not because they left it. */
  onEnded?(ended: EndedLive): void;
  /** The server does not want this user any more. */
  onDismissed?(error: LiveError): void;
}

/** One user, one connection, at most one live: what all composables of an app share. */
export class LiveSession {
  readonly #client = shallowRef<DaisClient | null>(null);
  readonly #status = shallowRef<ConnectionStatus>('idle');
  readonly #user = shallowRef<User | null>(null);
  readonly #developmentMode = shallowRef(false);
  readonly #room = shallowRef<Room | null>(null);
  readonly #state = shallowRef<RoomState | null>(null);
  readonly #observers = new Set<SessionObserver>();
  #signIn: SignIn = {};
  #signingIn: { key: string; done: Promise<void> } | null = null;
  #entering: { liveId: string; cancelled: boolean; done: Promise<Room> } | null = null;
  #unfollow: (() => void)[] = [];
  #stopFollowingRoom = (): void => {};

  constructor(private readonly environment?: Environment) {}

  readonly status: Readonly<ShallowRef<ConnectionStatus>> = shallowReadonly(this.#status);
  /** Who is signed in. */
  readonly user: Readonly<ShallowRef<User | null>> = shallowReadonly(this.#user) as Readonly<ShallowRef<User | null>>;
  /** Whether the server lets everybody in by a bare user id. */
  readonly developmentMode: Readonly<ShallowRef<boolean>> = shallowReadonly(this.#developmentMode);
  /** The live this user is in; null while they are in none. */
  readonly room: Readonly<ShallowRef<Room | null>> = this.#room;
  /** That live's state; set before any event of it is told. */
  readonly state: Readonly<ShallowRef<RoomState | null>> = this.#state;

  observe(observer: SessionObserver): void {
    this.#observers.add(observer);
    if (this.#room.value !== null) {
      observer.onEntered?.(this.#room.value);
    }
  }

  /** The server's clock, in milliseconds since the Unix epoch. */
  serverNow(): number {
    return this.#client.value?.serverNow() ?? Date.now();
  }

  /** Signs in. The same user again changes nothing; another one, or a new name, opens a new session. */
  signIn(signIn: SignIn): Promise<void> {
    const key = JSON.stringify(signIn);
    if (this.#signingIn?.key !== key) {
      const before = this.#signingIn?.done.catch(() => undefined) ?? Promise.resolve();
      const current = { key, done: before.then(() => this.#open(signIn)) };
      this.#signingIn = current;
      const forget = (): void => {
        if (this.#signingIn === current) {
          this.#signingIn = null;
        }
      };
      current.done.then(forget, forget);
    }
    return this.#signingIn?.done ?? Promise.resolve();
  }

  /** Leaves the live and closes the connection. */
  signOut(): void {
    // The server is told on the way out; its answer changes nothing here.
    this.leave().catch(() => undefined);
    this.#disconnect();
  }

  /** Changes what others see of this user. The server takes a name when a session opens, so one is opened anew. */
  async rename(change: Pick<SignIn, 'userName' | 'avatarUrl'>): Promise<void> {
    this.requireClient();
    if (this.#room.value !== null) {
      throw refusal('renamedInLive');
    }
    await this.signIn({ ...this.#signIn, ...change });
  }

  /** While waiting for the next try to connect: tries at once. */
  reconnectNow(): void {
    this.#client.value?.reconnectNow();
  }

  /** The client somebody is signed in with; null while nobody is. */
  get client(): DaisClient | null {
    return this.#user.value === null ? null : this.#client.value;
  }

  requireClient(): DaisClient {
    const { client } = this;
    if (client === null) {
      throw refusal('notSignedIn');
    }
    return client;
  }

  requireRoom(): Room {
    const room = this.#room.value;
    if (room === null) {
      throw refusal('notInLive');
    }
    return room;
  }

  /** Enters a live; the one this user is in already is given as it is. */
  enter(liveId: string, how: (client: DaisClient) => Promise<Room>): Promise<Room> {
    const room = this.#room.value;
    if (room !== null) {
      return room.roomId === liveId ? Promise.resolve(room) : Promise.reject(refusal('alreadyInOtherLive'));
    }
    if (this.#entering !== null && !this.#entering.cancelled) {
      return this.#entering.liveId === liveId ? this.#entering.done : Promise.reject(refusal('alreadyInOtherLive'));
    }
    const entering = { liveId, cancelled: false, done: Promise.resolve() as Promise<unknown> as Promise<Room> };
    this.#entering = entering;
    entering.done = this.#enterNow(entering, how);
    return entering.done;
  }

  /** Leaves the live, or stops entering it. */
  async leave(): Promise<void> {
    if (this.#entering !== null) {
      this.#entering.cancelled = true;
    }
    const room = this.#room.value;
    if (room !== null) {
      this.#detach();
      await room.leave();
    }
  }

  async #open(signIn: SignIn): Promise<void> {
    if (this.#user.value !== null && JSON.stringify(signIn) === JSON.stringify(this.#signIn)) {
      return;
    }
    this.signOut();
    const { url, ...login } = signIn;
    const client = new DaisClient({
      ...(url === undefined ? {} : { url }),
      ...(this.environment === undefined ? {} : { environment: this.environment }),
    });
    this.#client.value = client;
    this.#unfollow = [
      client.status.subscribe((status) => {
        this.#status.value = status;
      }),
      client.lastError.subscribe((error) => this.#onLastError(error)),
    ];
    try {
      const session = await client.login(login);
      this.#signIn = signIn;
      this.#developmentMode.value = session.developmentMode;
      const avatarUrl = login.avatarUrl ?? '';
      this.#user.value = { userId: session.userId, userName: session.userName, avatarUrl };
    } catch (error) {
      if (this.#client.value === client) {
        this.#disconnect();
      }
      throw error;
    }
  }

  #onLastError(error: LiveError | null): void {
    // A refused first try is thrown to whoever signs in.
    if (error === null || this.#user.value === null) {
      return;
    }
    this.#user.value = null;
    // The client closes its rooms after it has said why: what ends with the connection is told first.
    queueMicrotask(() => this.#tell((observer) => observer.onDismissed?.(error)));
  }

  #disconnect(): void {
    const client = this.#client.value;
    this.#unfollow.forEach((stop) => stop());
    this.#unfollow = [];
    this.#client.value = null;
    this.#user.value = null;
    this.#status.value = 'idle';
    client?.close();
  }

  async #enterNow(
    entering: { liveId: string; cancelled: boolean },
    how: (client: DaisClient) => Promise<Room>,
  ): Promise<Room> {
    try {
      const room = await how(this.requireClient());
      if (entering.cancelled) {
        const wantedAgain = this.#entering !== entering && this.#entering?.liveId === entering.liveId;
        if (!wantedAgain && this.#room.value !== room) {
          room.leave().catch(() => undefined);
        }
        throw refusal('notInLive');
      }
      this.#attach(room);
      return room;
    } finally {
      if (this.#entering === entering) {
        this.#entering = null;
      }
    }
  }

  #attach(room: Room): void {
    this.#stopFollowingRoom = room.state.subscribe((next) => this.#onState(next));
    this.#state.value = room.state.get();
    this.#room.value = room;
    this.#tell((observer) => observer.onEntered?.(room));
  }

  #detach(): void {
    this.#stopFollowingRoom();
    this.#stopFollowingRoom = () => {};
    this.#room.value = null;
    this.#state.value = null;
  }

  #onState(state: RoomState): void {
    if (state.closed === null) {
      this.#state.value = state;
      return;
    }
    this.#detach();
    const ended = { state, error: this.#client.value?.lastError.get() ?? null };
    this.#tell((observer) => observer.onEnded?.(ended));
  }

  #tell(call: (observer: SessionObserver) => void): void {
    for (const observer of this.#observers) {
      call(observer);
    }
  }
}

let environment: Environment | undefined;

/** The one session of the app. */
export const useSession = shared(() => new LiveSession(environment));

/** Gives the sessions to come another world. */
export function setEnvironment(world: Environment | undefined): void {
  environment = world;
}
