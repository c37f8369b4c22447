import { classifyClose, retryDelayMs, transition } from './connectionState.js';
import type { ConnectionEffect, ConnectionEvent, ConnectionStatus } from './connectionState.js';
import type { Environment, SocketLike } from './environment.js';
import { LiveError } from './liveError.js';
import { ErrorCodes } from './protocol.gen.js';
import { Rpc } from './rpc.js';
import type { Method, Notification, Params, Result } from './rpc.js';
import type { ReadonlyStore } from './store.js';
import { TableRunner } from './tableRunner.js';

/** The session the server opened for this connection. */
export type Session = Result<'session.open'>;

export interface ConnectionOptions {
  /** Address of the WebSocket. */
  url: string;
  /** What `session.open` says; asked anew for every connection. */
  credentials: () => Params<'session.open'>;
  /** The last event known of each room, for a session that goes on. */
  seqs: () => Record<string, number>;
  /** Gives a new token after the server refused the last one; false when there is none. */
  renewToken: () => Promise<boolean>;
  onOpen: (session: Session) => void;
  onClosed: (error: LiveError) => void;
  onNotification: (notification: Notification) => void;
  /** How long a connection attempt may take. */
  openTimeoutMs?: number;
}

/** What a client closes a socket with that it replaces: anything but 1000 and 1001 says that it comes back. */
const comingBackCode = 4000;

/** How long the server may take to show that it is there after the network has changed. */
const probeTimeoutMs = 5_000;

/** Refusals of `session.open` that a new token can cure. */
const tokenErrors: readonly number[] = [ErrorCodes.badToken, ErrorCodes.tokenExpired];

/** A connection that stays: carries out what the table in `connectionState.ts` says. */
export class Connection {
  readonly #runner: TableRunner<ConnectionStatus, ConnectionEvent, ConnectionEffect>;
  readonly #effects: { readonly [E in ConnectionEffect]: () => void };
  #socket: SocketLike | null = null;
  #rpc: Rpc | null = null;
  #session: Session | null = null;
  #resumable: Pick<Session, 'sessionId' | 'resumeKey'> | null = null;
  #attempts = 0;
  #lastError = LiveError.local('notConnected', 'The connection was closed.');
  #stopDeadline = (): void => {};
  #stopRetryTimer = (): void => {};
  #stopPings = (): void => {};

  constructor(
    private readonly environment: Environment,
    private readonly options: ConnectionOptions,
  ) {
    this.#effects = {
      openSocket: () => this.#openSocket(),
      discardSocket: () => this.#discardSocket(),
      openSession: () => void this.#openSession(this.options.credentials()),
      resumeSession: () => this.#resumeSession(),
      forgetSession: () => {
        this.#resumable = null;
      },
      startDeadline: () => this.#startDeadline(),
      stopDeadline: () => this.#stopDeadline(),
      startPings: () => this.#startPings(),
      stopPings: () => this.#stopPings(),
      startRetryTimer: () => this.#startRetryTimer(),
      stopRetryTimer: () => this.#stopRetryTimer(),
      forgetAttempts: () => {
        this.#attempts = 0;
      },
      fetchToken: () => void this.#fetchToken(),
      announceOpen: () => this.#session !== null && this.options.onOpen(this.#session),
      announceClosed: () => this.options.onClosed(this.#lastError),
    };
    this.#runner = new TableRunner('idle', transition, (effect) => this.#effects[effect]());
  }

  get status(): ReadonlyStore<ConnectionStatus> {
    return this.#runner.status;
  }

  /** Whether there is a session that the next connection goes on with. */
  get canResume(): boolean {
    return this.#resumable !== null;
  }

  /** Connects, or, while waiting for the next try, tries at once. */
  connect(): void {
    this.#runner.send('connect');
  }

  close(): void {
    this.#lastError = LiveError.local('notConnected', 'The connection was closed.');
    this.#runner.send('close');
  }

  /** The network is another one: tries at once, or finds out whether the connection has survived. */
  networkChanged(): void {
    if (this.status.get() === 'waiting') {
      this.connect();
    } else if (this.status.get() === 'open') {
      void this.#probe();
    }
  }

  call<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
    if (this.#rpc === null || this.status.get() !== 'open') {
      return Promise.reject(LiveError.local('notConnected', 'There is no connection to the server now.', true));
    }
    return this.#rpc.call(method, params);
  }

  #openSocket(): void {
    const socket = this.environment.createSocket(this.options.url, 'dais.v1');
    const rpc = new Rpc(this.environment, (text) => socket.send(text), this.options.onNotification);
    socket.onopen = () => this.#runner.send(this.canResume ? 'socketReopened' : 'socketOpened');
    socket.onmessage = ({ data }) => {
      if (typeof data === 'string') {
        rpc.handle(data);
      }
    };
    socket.onclose = ({ code, reason }) => {
      this.#lastError = new LiveError({ code, name: 'connectionClosed', message: reason || `Closed with ${code}.` });
      this.#runner.send(classifyClose(code));
    };
    this.#socket = socket;
    this.#rpc = rpc;
  }

  #discardSocket(): void {
    const socket = this.#socket;
    this.#socket = null;
    if (socket !== null) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close(this.status.get() === 'closed' ? 1000 : comingBackCode);
    }
    const rpc = this.#rpc;
    this.#rpc = null;
    this.#session = null;
    rpc?.fail(LiveError.local('connectionLost', 'The connection was lost before the answer came.', true));
  }

  #resumeSession(): void {
    const { sessionId, resumeKey } = this.#resumable ?? { sessionId: '', resumeKey: '' };
    const resume = { sessionId, key: resumeKey, seqs: this.options.seqs() };
    void this.#openSession({ ...this.options.credentials(), resume });
  }

  async #openSession(params: Params<'session.open'>): Promise<void> {
    const rpc = this.#rpc;
    try {
      const session = await rpc?.call('session.open', params);
      if (rpc === this.#rpc && session !== undefined) {
        this.#session = session;
        this.#resumable = { sessionId: session.sessionId, resumeKey: session.resumeKey };
        this.#runner.send('sessionOpened');
      }
    } catch (thrown) {
      const error = LiveError.from(thrown);
      if (rpc === this.#rpc) {
        this.#lastError = error;
        const retry = error.retryable ? 'lost' : 'dismissed';
        this.#runner.send(tokenErrors.includes(error.code) ? 'unauthorized' : retry);
      }
    }
  }

  #startDeadline(): void {
    this.#stopDeadline = this.environment.startTimer(() => {
      this.#lastError = LiveError.local('connectionLost', 'The server did not answer in time.', true);
      this.#runner.send('deadlinePassed');
    }, this.options.openTimeoutMs ?? 10_000);
  }

  #startRetryTimer(): void {
    const delayMs = retryDelayMs(this.#attempts, this.environment.random());
    this.#attempts += 1;
    this.#stopRetryTimer = this.environment.startTimer(() => this.#runner.send('retryDue'), delayMs);
  }

  /** Pings while the connection is open; an unanswered one means that the connection is dead. */
  #startPings(): void {
    const periodMs = Math.max(1, this.#session?.pingSeconds ?? 20) * 1000;
    const rpc = this.#rpc;
    const scheduleNext = (): void => {
      this.#stopPings = this.environment.startTimer(() => void ping(), periodMs);
    };
    const ping = async (): Promise<void> => {
      try {
        await rpc?.call('session.ping', {});
      } catch (thrown) {
        // A refusal is an answer too: only silence is the end of a connection.
        if (rpc === this.#rpc && LiveError.from(thrown).name === 'callTimedOut') {
          this.#lastError = LiveError.local('connectionLost', 'The server stopped answering.', true);
          this.#runner.send('lost');
        }
      }
      if (rpc !== null && rpc === this.#rpc) {
        scheduleNext();
      }
    };
    scheduleNext();
  }

  /** A connection that does not answer soon did not survive. */
  async #probe(): Promise<void> {
    const rpc = this.#rpc;
    const stopTimer = this.environment.startTimer(() => {
      if (rpc === this.#rpc) {
        this.#lastError = LiveError.local('connectionLost', 'The connection broke with the network.', true);
        this.#runner.send('lost');
      }
    }, probeTimeoutMs);
    await rpc?.call('session.ping', {}).catch(() => undefined);
    stopTimer();
  }

  async #fetchToken(): Promise<void> {
    const renewed = await this.options.renewToken().catch(() => false);
    // After `close` the table ignores this.
    this.#runner.send(renewed ? 'tokenReady' : 'tokenUnavailable');
  }
}
