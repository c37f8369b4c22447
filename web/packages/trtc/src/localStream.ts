import type { Device, Publication } from '@dais/client';
import { capture, captureOne, isOwn, type Profiles, type StreamConfig } from './capture.js';
import type { PlayOptions, Show } from './player.js';
import {
  audioProfileOf,
  screenProfileOf,
  videoConstraints,
  videoProfileOf,
  type AudioProfile,
  type VideoProfile,
} from './profiles.js';
import { RtcError, deviceErrorOf, rtcErrorOf } from './rtcError.js';
import { Stream } from './stream.js';
import type { World } from './world.js';

type Kind = 'audio' | 'video';

const deviceOf: Readonly<Record<Kind, Device>> = { audio: 'microphone', video: 'camera' };
const kinds = ['audio', 'video'] as const;

/** The own microphone and camera, or screen, or tracks of the application. */
export class LocalStream extends Stream {
  readonly #profiles: Profiles = {
    audio: audioProfileOf('standard'),
    video: videoProfileOf('480p'),
    screen: screenProfileOf('1080p'),
  };
  readonly #muted: Record<Kind, boolean> = { audio: false, video: false };
  /** Where it is sent; several clients may send one stream. */
  readonly #publications = new Set<Publication>();
  #media: MediaStream | null = null;
  #initializing: Promise<void> | null = null;
  /** The last step of what the publications are told: one after the other. */
  #told: Promise<void> = Promise.resolve();

  /** @internal */
  constructor(
    private readonly config: StreamConfig,
    world: World,
  ) {
    super(config.userId ?? '', world);
  }

  /** Opens the devices. `publish` does it too; to do it first shows the user the question earlier. */
  initialize(): Promise<void> {
    this.#initializing ??= this.#open().catch((thrown: unknown) => {
      this.#initializing = null;
      throw thrown;
    });
    return this.#initializing;
  }

  hasAudio(): boolean {
    return this.getAudioTrack() !== null;
  }

  hasVideo(): boolean {
    return this.getVideoTrack() !== null;
  }

  getAudioTrack(): MediaStreamTrack | null {
    return this.#media?.getAudioTracks()[0] ?? null;
  }

  getVideoTrack(): MediaStreamTrack | null {
    return this.#media?.getVideoTracks()[0] ?? null;
  }

  /** Sends no sound. False when there is none. */
  muteAudio(): boolean {
    return this.#mute('audio', true);
  }

  /** Sends sound again. A host may have locked the microphone: then it stays muted, and `error` says so. */
  unmuteAudio(): boolean {
    return this.#mute('audio', false);
  }

  /** Sends no picture; the camera stays open. False when there is none. */
  muteVideo(): boolean {
    return this.#mute('video', true);
  }

  unmuteVideo(): boolean {
    return this.#mute('video', false);
  }

  /** Stops the devices and whatever plays it. Tracks that the application gave stay open. */
  override close(): void {
    super.close();
    for (const track of this.#media?.getTracks() ?? []) {
      this.#drop(track);
    }
    this.#media = null;
    this.#initializing = null;
    // What is still published has nothing left to send.
    void this.#tell().catch(() => undefined);
  }

  /** Uses another microphone or camera from now on, or, for a camera, `user` or `environment`. */
  async switchDevice(kind: Kind, deviceId: string): Promise<void> {
    const before = this.#require(kind);
    if (isOwn(this.config, before) || (kind === 'video' && this.config.screen === true)) {
      throw new RtcError('INVALID_OPERATION', 'Only a captured microphone or camera can be switched.');
    }
    await this.#exchange(await captureOne(this.world, kind, deviceId, this.#profiles));
  }

  /** Adds a track of a kind the stream does not have. */
  async addTrack(track: MediaStreamTrack): Promise<void> {
    const media = this.#requireMedia();
    if (this.#trackOf(kindOf(track)) !== null) {
      throw new RtcError('INVALID_OPERATION', `The stream has ${track.kind} already: use replaceTrack.`);
    }
    media.addTrack(track);
    await this.#changed();
  }

  async removeTrack(track: MediaStreamTrack): Promise<void> {
    const media = this.#requireMedia();
    if (!media.getTracks().includes(track)) {
      throw new RtcError('INVALID_PARAMETER', 'The stream does not have this track.');
    }
    media.removeTrack(track);
    this.#drop(track, false);
    await this.#changed();
  }

  /** Sends another track of the same kind from now on. */
  async replaceTrack(track: MediaStreamTrack): Promise<void> {
    this.#require(kindOf(track));
    await this.#exchange(track, false);
  }

  /** Captures sound so; before `initialize`. */
  setAudioProfile(profile: string | AudioProfile): void {
    if (this.#initializing !== null) {
      throw new RtcError('INVALID_OPERATION', 'Set the profile of sound before initialize().');
    }
    this.#profiles.audio = audioProfileOf(profile);
  }

  /** Captures the camera so; an open one changes as near as it can. */
  async setVideoProfile(profile: string | VideoProfile): Promise<void> {
    this.#profiles.video = videoProfileOf(profile);
    if (this.config.screen !== true) {
      await this.#constrain(this.#profiles.video);
    }
  }

  /** Captures the screen so. */
  async setScreenProfile(profile: string | VideoProfile): Promise<void> {
    this.#profiles.screen = screenProfileOf(profile);
    if (this.config.screen === true) {
      await this.#constrain(this.#profiles.screen);
    }
  }

  /** What to publish: what is muted comes later, when it no longer is. @internal */
  media(): MediaStream {
    const media = this.world.createMediaStream();
    for (const kind of kinds) {
      const track = this.#trackOf(kind);
      if (track !== null && !this.#muted[kind]) {
        media.addTrack(track);
      }
    }
    return media;
  }

  /** Is sent by `publication` from now on. @internal */
  async attach(publication: Publication): Promise<void> {
    this.#publications.add(publication);
    await this.#tell();
  }

  /** @internal */
  detach(publication: Publication): void {
    this.#publications.delete(publication);
  }

  protected override source(): MediaStream | null {
    return this.#media;
  }

  protected override shown(): Show {
    return { audio: false, video: this.hasVideo() };
  }

  /** The own sound is never played: it would come back through the microphone. */
  protected override look({ objectFit, mirror }: PlayOptions): Required<PlayOptions> {
    const isScreen = this.config.screen === true;
    return {
      objectFit: objectFit ?? (isScreen ? 'contain' : 'cover'),
      muted: true,
      mirror: mirror ?? this.config.mirror ?? (!isScreen && this.config.videoSource === undefined),
    };
  }

  async #open(): Promise<void> {
    const tracks = await capture(this.world, this.config, this.#profiles);
    const media = this.world.createMediaStream();
    for (const track of tracks) {
      track.enabled = !this.#muted[kindOf(track)];
      this.#watch(track);
      media.addTrack(track);
    }
    this.#media = media;
    this.refresh();
  }

  #watch(track: MediaStreamTrack): void {
    track.onended = () => {
      if (this.#trackOf(kindOf(track)) !== track) {
        return;
      }
      if (kindOf(track) === 'video' && this.config.screen === true) {
        this.hub.emit('screen-sharing-stopped', undefined);
      } else {
        const what = deviceOf[kindOf(track)];
        this.hub.emit('error', new RtcError('DEVICE_AUTO_RECOVER_FAILED', `The ${what} is gone: use switchDevice.`));
      }
    };
  }

  #mute(kind: Kind, muted: boolean): boolean {
    const track = this.#trackOf(kind);
    if (track === null) {
      return false;
    }
    this.#muted[kind] = muted;
    if (muted || this.#publications.size === 0) {
      track.enabled = !muted;
    }
    this.#tell().catch((thrown: unknown) => {
      if (!muted) {
        this.#muted[kind] = true;
        track.enabled = false;
      }
      this.hub.emit('error', rtcErrorOf(thrown, 'INVALID_OPERATION'));
    });
    return true;
  }

  async #exchange(track: MediaStreamTrack, watched = true): Promise<void> {
    const media = this.#requireMedia();
    const kind = kindOf(track);
    const before = this.#trackOf(kind);
    if (before !== null && before !== track) {
      media.removeTrack(before);
      this.#drop(before, watched);
    }
    track.enabled = !this.#muted[kind];
    if (before !== track) {
      media.addTrack(track);
      this.#watch(track);
    }
    await this.#changed();
  }

  /** A captured track is stopped, unless the application took it away: then it is the application's. */
  #drop(track: MediaStreamTrack, stop = true): void {
    track.onended = null;
    if (stop && !isOwn(this.config, track)) {
      track.stop();
    }
  }

  async #changed(): Promise<void> {
    this.refresh();
    try {
      await this.#tell();
    } catch (thrown) {
      throw rtcErrorOf(thrown, 'UNKNOWN');
    }
  }

  /** Tells every publication what there is to send now. */
  #tell(): Promise<void> {
    const step = this.#told.then(async () => {
      for (const publication of this.#publications) {
        for (const kind of kinds) {
          await this.#tellOne(publication, kind);
        }
      }
    });
    this.#told = step.catch(() => undefined);
    return step;
  }

  async #tellOne(publication: Publication, kind: Kind): Promise<void> {
    const device = deviceOf[kind];
    const track = this.#trackOf(kind);
    const muted = track === null || this.#muted[kind];
    await publication.replaceTrack(device, track);
    if (publication.muted.get()[device] !== muted) {
      await publication.setMuted(device, muted);
    }
  }

  async #constrain(profile: VideoProfile): Promise<void> {
    try {
      await this.getVideoTrack()?.applyConstraints(videoConstraints(profile));
    } catch (thrown) {
      throw deviceErrorOf(thrown);
    }
  }

  #trackOf(kind: Kind): MediaStreamTrack | null {
    return kind === 'audio' ? this.getAudioTrack() : this.getVideoTrack();
  }

  #require(kind: Kind): MediaStreamTrack {
    const track = this.#trackOf(kind);
    if (track === null) {
      throw new RtcError('INVALID_OPERATION', `The stream has no ${kind} now.`);
    }
    return track;
  }

  #requireMedia(): MediaStream {
    if (this.#media === null) {
      throw new RtcError('INVALID_OPERATION', 'Call initialize() first.');
    }
    return this.#media;
  }
}

function kindOf(track: MediaStreamTrack): Kind {
  return track.kind === 'audio' ? 'audio' : 'video';
}
