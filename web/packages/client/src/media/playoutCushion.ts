import type { Environment } from '../environment.js';

/** What is looked at each time, added up over all pictures since the peer connection began. */
export interface PathSample {
  packets: number;
  /** How often packets were asked for again. */
  requests: number;
  /** There and back; null while it is not known. */
  roundTripMs: number | null;
}

const periodMs = 1_000;

/** From this share of packets asked for on, pictures wait for repeats. */
const lossyFrom = 0.01;

/** How much a second counts against those before. */
const newWeight = 0.3;

/** A path that lost nothing for so long is a good one again. */
const quietMs = 60_000;

/** One repeat that is lost itself is waited for, and a picture's time; never so long that one is no longer live. */
const roundTrips = 2;
const extraMs = 60;
const mostMs = 250;
const roundTripUnknownMs = 100;

/**
 * Decides how long pictures are kept back so that what was lost can come again before its time: not at all on a path
 * that loses nothing, about two round trips on one that does.
 */
export class CushionPolicy {
  #before: PathSample | null = null;
  #share = 0;
  #lossyAtMs: number | null = null;
  #targetMs: number | null = null;

  /** Takes a look at the path; gives the delay from now on, null for as short as can be. */
  take(sample: PathSample, nowMs: number): number | null {
    const before = this.#before;
    this.#before = sample;
    if (before === null || sample.packets <= before.packets || sample.requests < before.requests) {
      return this.#targetMs;
    }
    const share = (sample.requests - before.requests) / (sample.packets - before.packets);
    this.#share += newWeight * (Math.min(1, share) - this.#share);
    if (this.#share > lossyFrom) {
      this.#lossyAtMs = nowMs;
      const roundTripMs = sample.roundTripMs ?? roundTripUnknownMs;
      const wantedMs = Math.round(Math.min(mostMs, roundTrips * roundTripMs + extraMs));
      // Each change is seen as pictures that go faster or slower: small ones are not worth it.
      if (this.#targetMs === null || Math.abs(wantedMs - this.#targetMs) > this.#targetMs / 4) {
        this.#targetMs = wantedMs;
      }
    } else if (this.#lossyAtMs !== null && nowMs - this.#lossyAtMs > quietMs) {
      this.#lossyAtMs = null;
      this.#targetMs = null;
    }
    return this.#targetMs;
  }
}

/** Keeps a peer connection's pictures back as `CushionPolicy` says, where the browser has `jitterBufferTarget`. */
export class PlayoutCushion {
  #stopTimer = (): void => {};
  #peer: RTCPeerConnection | null = null;

  constructor(private readonly environment: Pick<Environment, 'startTimer' | 'now'>) {}

  /**
   * Looks after a peer connection, and no longer after the one before. Sound follows the pictures by itself, for
   * browsers show what is in one stream together.
   */
  watch(peer: RTCPeerConnection, receivers: readonly RTCRtpReceiver[]): void {
    this.stop();
    const pictures = receivers.filter(
      (receiver) => receiver.track.kind === 'video' && 'jitterBufferTarget' in receiver,
    );
    if (pictures.length > 0) {
      this.#peer = peer;
      this.#wait(peer, pictures, new CushionPolicy());
    }
  }

  stop(): void {
    this.#stopTimer();
    this.#peer = null;
  }

  #wait(peer: RTCPeerConnection, pictures: readonly RTCRtpReceiver[], policy: CushionPolicy): void {
    this.#stopTimer = this.environment.startTimer(() => void this.#look(peer, pictures, policy), periodMs);
  }

  async #look(peer: RTCPeerConnection, pictures: readonly RTCRtpReceiver[], policy: CushionPolicy): Promise<void> {
    if (peer.connectionState === 'connected') {
      try {
        const targetMs = policy.take(sampleOf(await peer.getStats()), this.environment.now());
        for (const receiver of pictures) {
          if (receiver.jitterBufferTarget !== targetMs) {
            receiver.jitterBufferTarget = targetMs;
          }
        }
      } catch {
        // Without statistics pictures come as they come.
      }
    }
    if (this.#peer === peer && peer.connectionState !== 'closed') {
      this.#wait(peer, pictures, policy);
    }
  }
}

/** What of a report of statistics is looked at. */
interface Entry {
  type: string;
  kind?: string;
  packetsReceived?: number;
  nackCount?: number;
  nominated?: boolean;
  state?: string;
  currentRoundTripTime?: number;
}

function sampleOf(report: RTCStatsReport): PathSample {
  const sample: PathSample = { packets: 0, requests: 0, roundTripMs: null };
  report.forEach((entry: Entry) => {
    if (entry.type === 'inbound-rtp' && entry.kind === 'video') {
      sample.packets += entry.packetsReceived ?? 0;
      sample.requests += entry.nackCount ?? 0;
    } else if (entry.type === 'candidate-pair' && entry.nominated === true && entry.state === 'succeeded') {
      sample.roundTripMs = entry.currentRoundTripTime === undefined ? null : entry.currentRoundTripTime * 1_000;
    }
  });
  return sample;
}
