import type { PlayOptions, Show } from './player.js';
import { Stream } from './stream.js';
import type { World } from './world.js';

/** Which of the two a stream has. */
export interface Kinds {
  readonly audio: boolean;
  readonly video: boolean;
}

const none: Kinds = { audio: false, video: false };

/** What someone on stage publishes. The client that announces it makes it; nobody else does. */
export class RemoteStream extends Stream {
  #source: MediaStream | null = null;
  #has = none;
  #subscribed = none;
  #muted = none;

  /** @internal */
  constructor(userId: string, world: World) {
    super(userId, world);
  }

  /** Always `main`: there is no second stream of one user. */
  getType(): 'main' | 'auxiliary' {
    return 'main';
  }

  hasAudio(): boolean {
    return this.#has.audio;
  }

  hasVideo(): boolean {
    return this.#has.video;
  }

  /** The track while it is subscribed to. It belongs to a place on stage: let go of it at `stream-removed`. */
  getAudioTrack(): MediaStreamTrack | null {
    return this.#subscribed.audio ? (this.#source?.getAudioTracks()[0] ?? null) : null;
  }

  getVideoTrack(): MediaStreamTrack | null {
    return this.#subscribed.video ? (this.#source?.getVideoTracks()[0] ?? null) : null;
  }

  /** Does not play the sound, here alone. False when there is none. */
  muteAudio(): boolean {
    return this.#mute('audio', true);
  }

  unmuteAudio(): boolean {
    return this.#mute('audio', false);
  }

  /** Does not show the picture, here alone. False when there is none. */
  muteVideo(): boolean {
    return this.#mute('video', true);
  }

  unmuteVideo(): boolean {
    return this.#mute('video', false);
  }

  /** @internal */
  get subscribed(): Kinds {
    return this.#subscribed;
  }

  /** Which kinds its user has ever sent with it. @internal */
  setKinds(has: Kinds): void {
    this.#has = has;
    this.refresh();
  }

  /** @internal */
  subscribeTo(kinds: Kinds): void {
    this.#subscribed = kinds;
    this.refresh();
  }

  /** @internal */
  attach(source: MediaStream | null): void {
    this.#source = source;
    this.refresh();
  }

  /** It is over: its place may be someone else's soon. @internal */
  detach(): void {
    this.close();
    this.#source = null;
    this.#subscribed = none;
  }

  protected override source(): MediaStream | null {
    return this.#subscribed.audio || this.#subscribed.video ? this.#source : null;
  }

  protected override shown(): Show {
    return {
      audio: this.#subscribed.audio && !this.#muted.audio,
      video: this.#subscribed.video && !this.#muted.video && this.#has.video,
    };
  }

  protected override look({ objectFit, muted, mirror }: PlayOptions): Required<PlayOptions> {
    return { objectFit: objectFit ?? 'cover', muted: muted ?? false, mirror: mirror ?? false };
  }

  #mute(kind: keyof Kinds, muted: boolean): boolean {
    if (!this.#has[kind]) {
      return false;
    }
    this.#muted = { ...this.#muted, [kind]: muted };
    this.refresh();
    return true;
  }
}
