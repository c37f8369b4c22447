import type { Environment } from '../environment.js';
import type { ReadonlyStore } from '../store.js';
import { preferKnownCodecs } from './codecs.js';
import { MediaPath } from './mediaPath.js';
import type { Negotiate } from './mediaPath.js';
import type { MediaOccasion, MediaStatus } from './mediaState.js';
import { PlayoutCushion } from './playoutCushion.js';

export interface SubscriptionOptions {
  /** How many people on stage can be received at once. */
  slots: number;
  iceServers: () => RTCIceServer[];
  negotiate: Negotiate;
}

/**
 * Receives a room's stage: a fixed number of slots, each with one audio and one video track. Who is on which slot is
 * room state (`stage`), so nobody who comes or goes needs another negotiation.
 */
export class Subscription {
  readonly #path: MediaPath;
  readonly #streams: readonly MediaStream[];
  readonly #cushion: PlayoutCushion;

  constructor(
    private readonly environment: Environment,
    options: SubscriptionOptions,
  ) {
    this.#streams = Array.from({ length: options.slots }, () => environment.createMediaStream());
    this.#cushion = new PlayoutCushion(environment);
    this.#path = new MediaPath(environment, {
      configuration: () => ({ iceServers: options.iceServers(), bundlePolicy: 'max-bundle' }),
      setUp: (peer) => this.#addSlots(peer),
      negotiate: options.negotiate,
    });
  }

  get status(): ReadonlyStore<MediaStatus> {
    return this.#path.status;
  }

  /** How many answers the current peer connection has taken: 1 as long as nothing broke. */
  get negotiations(): number {
    return this.#path.negotiations;
  }

  /** The current peer connection; for statistics, not for changes. */
  get peer(): RTCPeerConnection | null {
    return this.#path.peer;
  }

  /**
   * One stream per slot. The objects stay the same for the life of the subscription: also when the peer connection
   * had to be replaced, a media element that shows one needs no attention.
   */
  get streams(): readonly MediaStream[] {
    return this.#streams;
  }

  /** Negotiates, with an offer taken to the server by `negotiate` (default: `media.subscribe`). */
  start(negotiate?: Negotiate): Promise<void> {
    return this.#path.start(negotiate);
  }

  /** Repairs the path if it is broken, or may be; the client calls it on every occasion to. */
  recover(occasion: MediaOccasion): void {
    this.#path.recover(occasion);
  }

  close(): void {
    this.#cushion.stop();
    this.#path.close();
  }

  /** The k-th audio and the k-th video m-line are slot k. */
  #addSlots(peer: RTCPeerConnection): void {
    const receivers: RTCRtpReceiver[] = [];
    for (const stream of this.#streams) {
      for (const old of stream.getTracks()) {
        stream.removeTrack(old);
      }
      for (const kind of ['audio', 'video'] as const) {
        const transceiver = peer.addTransceiver(kind, { direction: 'recvonly' });
        preferKnownCodecs(transceiver, kind, this.environment);
        stream.addTrack(transceiver.receiver.track);
        receivers.push(transceiver.receiver);
      }
    }
    this.#cushion.watch(peer, receivers);
  }
}
