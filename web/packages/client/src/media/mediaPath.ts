import { retryDelayMs } from '../connectionState.js';
import type { Environment } from '../environment.js';
import { LiveError } from '../liveError.js';
import type { ReadonlyStore } from '../store.js';
import { TableRunner } from '../tableRunner.js';
import { mediaTransition } from './mediaState.js';
import type { MediaEffect, MediaEvent, MediaOccasion, MediaStatus } from './mediaState.js';

/** Takes an SDP offer to the server and brings back the answer. */
export type Negotiate = (offer: string) => Promise<string>;

export interface MediaPathOptions {
  configuration: () => RTCConfiguration;
  /** Gives a fresh peer connection its transceivers. */
  setUp: (peer: RTCPeerConnection) => void | Promise<void>;
  /** How the path is negotiated after the first time. */
  negotiate: Negotiate;
}

/** How long a path may be silent before it is restarted. */
const patienceMs = 3_000;

/** How long a path may take to come up. */
const connectTimeoutMs = 10_000;

/** One media path to the server: carries out what the table in `mediaState.ts` says. This side always offers. */
export class MediaPath {
  readonly #runner: TableRunner<MediaStatus, MediaEvent, MediaEffect>;
  readonly #effects: { readonly [E in MediaEffect]: () => void };
  #peer: RTCPeerConnection | null = null;
  #negotiations = 0;
  #attempts = 0;
  #first: { negotiate: Negotiate; resolve: () => void; reject: (error: LiveError) => void } | null = null;
  #stopTimer = (): void => {};

  constructor(
    private readonly environment: Environment,
    private readonly options: MediaPathOptions,
  ) {
    this.#effects = {
      createPeer: () => this.#createPeer(),
      discardPeer: () => this.#discardPeer(),
      negotiate: () => void this.#negotiate(false),
      restartIce: () => void this.#negotiate(true),
      startPatienceTimer: () => this.#startTimer(patienceMs),
      startDeadline: () => this.#startTimer(connectTimeoutMs),
      startRetryTimer: () => {
        this.#startTimer(retryDelayMs(this.#attempts, this.environment.random()));
        this.#attempts += 1;
      },
      stopTimer: () => this.#stopTimer(),
      forgetAttempts: () => {
        this.#attempts = 0;
      },
    };
    this.#runner = new TableRunner('idle', mediaTransition, (effect) => this.#effects[effect]());
  }

  get status(): ReadonlyStore<MediaStatus> {
    return this.#runner.status;
  }

  /** The current peer connection; for statistics, not for changes. */
  get peer(): RTCPeerConnection | null {
    return this.#peer;
  }

  /** How many answers the current peer connection has taken: 1 as long as nothing broke. */
  get negotiations(): number {
    return this.#negotiations;
  }

  /**
   * Makes the path, or makes it anew, with an offer taken to the server by `negotiate`. Done when the answer is set;
   * a refusal of the server is thrown.
   */
  start(negotiate: Negotiate = this.options.negotiate): Promise<void> {
    this.#first?.reject(LiveError.local('roomClosed', 'Another negotiation took over.'));
    return new Promise((resolve, reject) => {
      this.#first = { negotiate, resolve, reject };
      // A start while another is under way has to begin again, from an offer of its own.
      if (this.status.get() === 'negotiating') {
        this.#runner.send('refused');
      }
      this.#runner.send('start');
      if (this.status.get() === 'closed') {
        this.#settleFirst(LiveError.local('roomClosed', 'The media path is closed.'));
      }
    });
  }

  /** Repairs the path if it is broken, or may be. */
  recover(occasion: MediaOccasion): void {
    this.#runner.send(occasion);
  }

  close(): void {
    this.#runner.send('close');
    this.#settleFirst(LiveError.local('roomClosed', 'The media path was closed.'));
  }

  #createPeer(): void {
    this.#discardPeer();
    const peer = this.environment.createPeerConnection(this.options.configuration());
    this.#peer = peer;
    this.#negotiations = 0;
    peer.onconnectionstatechange = () => {
      const state = peer.connectionState;
      if (state === 'connected' || state === 'disconnected' || state === 'failed') {
        this.#runner.send(state);
      }
    };
  }

  #discardPeer(): void {
    const peer = this.#peer;
    this.#peer = null;
    if (peer !== null) {
      peer.onconnectionstatechange = null;
      peer.close();
    }
  }

  async #negotiate(iceRestart: boolean): Promise<void> {
    const peer = this.#peer;
    const first = this.#first;
    if (peer === null) {
      return;
    }
    try {
      if (iceRestart) {
        // Credentials for TURN end; those of the present session are the newest.
        peer.setConfiguration(this.options.configuration());
      } else {
        await this.options.setUp(peer);
      }
      const offer = await peer.createOffer({ iceRestart });
      // The server takes no candidates (ICE-lite): the offer waits neither for any nor for being set.
      const negotiate = first?.negotiate ?? this.options.negotiate;
      const [answer] = await Promise.all([negotiate(offer.sdp ?? ''), peer.setLocalDescription(offer)]);
      if (peer !== this.#peer) {
        return;
      }
      await peer.setRemoteDescription({ type: 'answer', sdp: answer });
      if (peer === this.#peer) {
        this.#negotiations += 1;
        this.#runner.send('answered');
        if (iceRestart && peer.connectionState === 'connected') {
          // The old path still works, so nothing will tell that the new one does.
          this.#runner.send('connected');
        }
        this.#settleFirst(null, first);
      }
    } catch (thrown) {
      if (peer === this.#peer) {
        const error = LiveError.from(thrown);
        this.#runner.send(isUnreachable(error) ? 'unreachable' : 'refused');
        this.#settleFirst(error, first);
      }
    }
  }

  #settleFirst(error: LiveError | null, which = this.#first): void {
    if (which === null || which !== this.#first) {
      return;
    }
    this.#first = null;
    if (error === null) {
      which.resolve();
    } else {
      which.reject(error);
    }
  }

  #startTimer(delayMs: number): void {
    this.#stopTimer = this.environment.startTimer(() => this.#runner.send('timerDue'), delayMs);
  }
}

function isUnreachable(error: LiveError): boolean {
  return error.name === 'notConnected' || error.name === 'connectionLost';
}
