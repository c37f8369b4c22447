import { AudioMeter } from './audioMeter.js';
import { EventHub, type Handler } from './eventHub.js';
import { Player, type PlayOptions, type PlayerState, type Show } from './player.js';
import { RtcError } from './rtcError.js';
import type { World } from './world.js';

/** What the events of a stream bring along. */
export interface StreamEvents {
  'player-state-changed': { type: 'audio' | 'video'; state: PlayerState; reason: string };
  'screen-sharing-stopped': undefined;
  'error': RtcError;
}

let lastNumber = 0;

/** What local and remote streams have in common: where they are played, and how. */
export abstract class Stream {
  /** @internal */
  protected readonly hub = new EventHub<StreamEvents>();
  readonly #id: string;
  readonly #meter = new AudioMeter();
  #player: Player | null = null;
  #volume = 1;
  #speakerId: string | null = null;

  /** @internal */
  protected constructor(
    private readonly userId: string,
    /** @internal */
    protected readonly world: World,
  ) {
    lastNumber += 1;
    this.#id = `${userId}_${lastNumber}`;
  }

  getId(): string {
    return this.#id;
  }

  getUserId(): string {
    return this.userId;
  }

  abstract hasAudio(): boolean;
  abstract hasVideo(): boolean;
  abstract getAudioTrack(): MediaStreamTrack | null;
  abstract getVideoTrack(): MediaStreamTrack | null;

  /** @internal */
  protected abstract source(): MediaStream | null;

  /** @internal */
  protected abstract shown(): Show;

  /** @internal */
  protected abstract look(options: PlayOptions): Required<PlayOptions>;

  /**
   * Plays in an element of the page, given itself or by its id. Rejects with PLAY_NOT_ALLOWED when the browser wants
   * a gesture first; `resume` plays after one. Played elsewhere already, it moves.
   */
  async play(where: string | HTMLElement, options: PlayOptions = {}): Promise<void> {
    const container = typeof where === 'string' ? document.getElementById(where) : where;
    if (!(container instanceof HTMLElement)) {
      throw new RtcError('INVALID_PARAMETER', `There is no element '${String(where)}' to play in.`);
    }
    this.stop();
    const player = new Player(this.world, container, this.#id, this.look(options), (state, reason) => {
      if (player === this.#player) {
        this.#tellState(state, reason);
      }
    });
    this.#player = player;
    player.element.volume = this.#volume;
    if (this.#speakerId !== null) {
      await player.element.setSinkId(this.#speakerId);
    }
    this.refresh();
    await this.#start(player);
  }

  /** Plays no longer, and takes its element from the page. */
  stop(): void {
    const player = this.#player;
    this.#player = null;
    if (player !== null) {
      player.remove();
      this.#tellState('STOPPED', 'stop');
    }
  }

  /** Plays again after the browser has paused it, or wanted a gesture. */
  async resume(): Promise<void> {
    if (this.#player !== null) {
      await this.#start(this.#player);
    }
  }

  close(): void {
    this.stop();
    this.#meter.close();
  }

  /** Plays through another loudspeaker, where the browser lets choose one. */
  async setAudioOutput(deviceId: string): Promise<void> {
    if (!('setSinkId' in HTMLMediaElement.prototype)) {
      throw new RtcError('NOT_SUPPORTED', 'This browser does not let pages choose a loudspeaker.');
    }
    this.#speakerId = deviceId;
    await this.#player?.element.setSinkId(deviceId);
  }

  /** How loud it is played: 0 is silence, 1 as it comes. */
  setAudioVolume(volume: number): void {
    if (!(volume >= 0 && volume <= 1)) {
      throw new RtcError('INVALID_PARAMETER', 'A volume is a number from 0 to 1.');
    }
    this.#volume = volume;
    if (this.#player !== null) {
      this.#player.element.volume = volume;
    }
  }

  /** How loud its sound is now, 0 to 1. Browsers measure only after a gesture; before, it is 0. */
  getAudioLevel(): number {
    return this.#meter.level(this.getAudioTrack());
  }

  /** The picture that is played now, as the address of a PNG; empty while none is. */
  getVideoFrame(): string {
    const video = this.#player?.element;
    if (video === undefined || video.videoWidth === 0 || !this.shown().video) {
      return '';
    }
    const canvas = document.createElement('canvas');
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext('2d')?.drawImage(video, 0, 0);
    return canvas.toDataURL();
  }

  on<E extends keyof StreamEvents>(event: E, handler: Handler<StreamEvents[E]>, context?: unknown): void {
    this.hub.on(event, handler, context);
  }

  off<E extends keyof StreamEvents>(event: E | '*', handler?: Handler<StreamEvents[E]>): void {
    this.hub.off(event, handler);
  }

  /** Shows in its element what there is to show now. @internal */
  refresh(): void {
    this.#player?.show(this.source(), this.shown());
  }

  async #start(player: Player): Promise<void> {
    try {
      await player.play();
    } catch (thrown) {
      if (player === this.#player) {
        this.hub.emit('error', thrown as RtcError);
      }
      throw thrown;
    }
  }

  #tellState(state: PlayerState, reason: string): void {
    if (this.hasAudio()) {
      this.hub.emit('player-state-changed', { type: 'audio', state, reason });
    }
    if (this.hasVideo()) {
      this.hub.emit('player-state-changed', { type: 'video', state, reason });
    }
  }
}
