import { RtcError } from './rtcError.js';
import type { World } from './world.js';

export interface PlayOptions {
  /** How the picture fills its place; default `cover`, for a screen `contain`. */
  objectFit?: 'contain' | 'cover' | 'fill';
  /** Plays no sound. Browsers let what is muted play without a gesture. */
  muted?: boolean;
  /** Shows the picture as a mirror does; default for the own camera. */
  mirror?: boolean;
}

/** What a player shows of its stream. */
export interface Show {
  audio: boolean;
  video: boolean;
}

export type PlayerState = 'PLAYING' | 'PAUSED' | 'STOPPED';

/** How long `play` waits for something to come that could be played. */
const patienceMs = 3_000;

/** A stream in an element of the page. */
export class Player {
  readonly #frame: HTMLDivElement;
  readonly #video: HTMLVideoElement;
  readonly #muted: boolean;

  constructor(
    private readonly world: Pick<World, 'startTimer'>,
    container: HTMLElement,
    id: string,
    options: Required<PlayOptions>,
    onState: (state: PlayerState, reason: string) => void,
  ) {
    this.#muted = options.muted;
    this.#frame = document.createElement('div');
    this.#frame.id = `player_${id}`;
    this.#frame.style.cssText = 'position: relative; width: 100%; height: 100%; overflow: hidden; background: #000';
    const video = document.createElement('video');
    video.id = `video_${id}`;
    video.autoplay = true;
    video.playsInline = true;
    video.muted = options.muted;
    video.style.cssText = 'display: block; width: 100%; height: 100%';
    video.style.objectFit = options.objectFit;
    video.style.transform = options.mirror ? 'scaleX(-1)' : '';
    video.addEventListener('playing', () => onState('PLAYING', 'playing'));
    video.addEventListener('pause', () => onState('PAUSED', 'pause'));
    video.addEventListener('ended', () => onState('STOPPED', 'ended'));
    this.#video = video;
    this.#frame.append(video);
    container.append(this.#frame);
  }

  get element(): HTMLVideoElement {
    return this.#video;
  }

  /** Shows `source` from now on. */
  show(source: MediaStream | null, { audio, video }: Show): void {
    if (this.#video.srcObject !== source) {
      this.#video.srcObject = source;
    }
    this.#video.muted = this.#muted || !audio;
    this.#video.style.visibility = video ? '' : 'hidden';
  }

  /** Done when it plays, or when nothing has come for a while: then it begins by itself with what comes. */
  async play(): Promise<void> {
    let stopTimer = (): void => {};
    const patience = new Promise<void>((resolve) => {
      stopTimer = this.world.startTimer(resolve, patienceMs);
    });
    try {
      await Promise.race([this.#video.play(), patience]);
    } catch (thrown) {
      const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
      if (name === 'NotAllowedError') {
        throw new RtcError('PLAY_NOT_ALLOWED', 'The browser plays this only after a gesture: call resume() then.');
      }
      // The source changed, or was taken away, on the way: the element goes on by itself.
      if (name !== 'AbortError') {
        throw new RtcError('UNKNOWN', message, { name });
      }
    } finally {
      stopTimer();
    }
  }

  remove(): void {
    this.#video.srcObject = null;
    this.#frame.remove();
  }
}
