import type { Environment } from '../environment.js';
import { Store, type ReadonlyStore } from '../store.js';
import { preferKnownCodecs } from './codecs.js';
import { activeFor, encodingsOf } from './encodings.js';
import { MediaPath } from './mediaPath.js';
import type { Negotiate } from './mediaPath.js';
import type { MediaOccasion, MediaStatus } from './mediaState.js';

/** What a user sends: a word per kind of track. */
export type Device = 'microphone' | 'camera';

export type MutedState = { readonly [D in Device]: boolean };

export interface PublicationOptions {
  iceServers: () => RTCIceServer[];
  negotiate: Negotiate;
  /** Tells the server (`media.setMuted`). */
  announceMuted: (muted: Partial<MutedState>) => Promise<void>;
}

const kindOf: { readonly [D in Device]: 'audio' | 'video' } = { microphone: 'audio', camera: 'video' };

/** Sends one audio and one video track of a stream the caller owns. */
export class Publication {
  readonly #path: MediaPath;
  readonly #muted: Store<MutedState>;
  readonly #tracks: { [D in Device]: MediaStreamTrack | null };
  readonly #senders: { [D in Device]?: RTCRtpSender } = {};
  /** The encodings of the camera somebody watches; null while that is not known. */
  #wantedLayers: readonly string[] | null = null;
  #settingLayers: Promise<void> = Promise.resolve();

  constructor(
    private readonly environment: Environment,
    readonly stream: MediaStream,
    private readonly options: PublicationOptions,
  ) {
    this.#tracks = { microphone: stream.getAudioTracks()[0] ?? null, camera: stream.getVideoTracks()[0] ?? null };
    this.#muted = new Store<MutedState>({
      microphone: this.#tracks.microphone === null,
      camera: this.#tracks.camera === null,
    });
    this.#path = new MediaPath(environment, {
      configuration: () => ({ iceServers: options.iceServers(), bundlePolicy: 'max-bundle' }),
      setUp: (peer) => this.#addTracks(peer),
      negotiate: (offer) => this.#negotiate(offer),
    });
  }

  get status(): ReadonlyStore<MediaStatus> {
    return this.#path.status;
  }

  /** Which of the two is muted; a missing track counts as muted. */
  get muted(): ReadonlyStore<MutedState> {
    return this.#muted;
  }

  get negotiations(): number {
    return this.#path.negotiations;
  }

  /** The current peer connection; for statistics, not for changes. */
  get peer(): RTCPeerConnection | null {
    return this.#path.peer;
  }

  /** Negotiates through `media.publish`. */
  start(): Promise<void> {
    return this.#path.start();
  }

  /**
   * Mutes at once and then tells the server; unmutes only when the server has agreed (a seat's device may be locked).
   */
  async setMuted(device: Device, muted: boolean): Promise<void> {
    if (muted) {
      await this.#apply(device, true);
      await this.options.announceMuted({ [device]: true });
    } else {
      await this.options.announceMuted({ [device]: false });
      await this.#apply(device, false);
    }
  }

  /** Sends another track of the same kind from now on, without negotiating: another camera, another microphone. */
  async replaceTrack(device: Device, track: MediaStreamTrack | null): Promise<void> {
    this.#tracks[device] = track;
    if (!this.#muted.get()[device]) {
      await this.#senders[device]?.replaceTrack(track);
    }
  }

  /** Repairs the path if it is broken, or may be; the client calls it on every occasion to. */
  recover(occasion: MediaOccasion): void {
    this.#path.recover(occasion);
    if (occasion === 'signalingBack') {
      // What was said while nothing could be heard is lost: too much is better than too little.
      this.setWantedLayers(null);
    }
  }

  /**
   * Sends only those encodings of the camera that somebody watches, by their rids, and the lowest. The server tells
   * which (`media.layersWanted`); the client calls it. Null sends all.
   */
  setWantedLayers(rids: readonly string[] | null): void {
    this.#wantedLayers = rids;
    const sender = this.#senders.camera;
    this.#settingLayers = this.#settingLayers.then(() => this.#applyLayers(sender)).catch(() => undefined);
  }

  /** Stops sending. The tracks stay the caller's. */
  close(): void {
    this.#path.close();
  }

  async #apply(device: Device, muted: boolean): Promise<void> {
    this.#muted.set({ ...this.#muted.get(), [device]: muted });
    const track = this.#tracks[device];
    if (track !== null) {
      track.enabled = !muted;
    }
    await this.#senders[device]?.replaceTrack(muted ? null : track);
  }

  async #applyLayers(sender: RTCRtpSender | undefined): Promise<void> {
    const parameters = sender?.getParameters();
    if (sender === undefined || parameters === undefined || parameters.encodings.length < 2) {
      return;
    }
    const active = activeFor(parameters.encodings, this.#wantedLayers);
    if (parameters.encodings.some((encoding, index) => encoding.active !== active[index])) {
      parameters.encodings.forEach((encoding, index) => {
        encoding.active = active[index] ?? true;
      });
      await sender.setParameters(parameters);
    }
  }

  /** Both kinds are always offered, so that a camera that comes later needs no negotiation. */
  async #addTracks(peer: RTCPeerConnection): Promise<void> {
    this.#wantedLayers = null;
    for (const device of ['microphone', 'camera'] as const) {
      const track = this.#tracks[device];
      const sendEncodings = device === 'camera' ? encodingsOf(track) : [];
      const transceiver = peer.addTransceiver(track ?? kindOf[device], {
        direction: 'sendonly',
        streams: [this.stream],
        ...(sendEncodings.length > 0 ? { sendEncodings } : {}),
      });
      preferKnownCodecs(transceiver, kindOf[device], this.environment);
      this.#senders[device] = transceiver.sender;
      if (this.#muted.get()[device] && track !== null) {
        await transceiver.sender.replaceTrack(null);
      }
    }
  }

  /** A publication counts as switched on, so what is muted is said again after each negotiation. */
  async #negotiate(offer: string): Promise<string> {
    const answer = await this.options.negotiate(offer);
    const { microphone, camera } = this.#muted.get();
    if (microphone || camera) {
      await this.options.announceMuted({
        ...(microphone ? { microphone } : {}),
        ...(camera ? { camera } : {}),
      });
    }
    return answer;
  }
}
