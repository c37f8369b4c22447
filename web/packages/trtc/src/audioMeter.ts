/** One context for all meters of a page: browsers allow few. */
let shared: AudioContext | null = null;

function context(): AudioContext | null {
  if (shared === null && typeof AudioContext !== 'undefined') {
    shared = new AudioContext();
  }
  if (shared?.state === 'suspended') {
    // Only a gesture of the user starts it; until then everything measures 0.
    shared.resume().catch(() => undefined);
  }
  return shared;
}

/** Measures how loud a track is. */
export class AudioMeter {
  #track: MediaStreamTrack | null = null;
  #source: MediaStreamAudioSourceNode | null = null;
  #analyser: AnalyserNode | null = null;

  /** The loudness of `track` now, 0 to 1; a sine at full scale is 1. */
  level(track: MediaStreamTrack | null): number {
    this.#listenTo(track);
    if (this.#analyser === null) {
      return 0;
    }
    const samples = new Float32Array(this.#analyser.fftSize);
    this.#analyser.getFloatTimeDomainData(samples);
    const meanSquare = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    return Math.min(1, Math.sqrt(2 * meanSquare));
  }

  close(): void {
    this.#source?.disconnect();
    this.#track = null;
    this.#source = null;
    this.#analyser = null;
  }

  #listenTo(track: MediaStreamTrack | null): void {
    const audio = context();
    if (track === this.#track || audio === null) {
      return;
    }
    this.close();
    this.#track = track;
    if (track !== null) {
      this.#analyser = audio.createAnalyser();
      this.#source = audio.createMediaStreamSource(new MediaStream([track]));
      this.#source.connect(this.#analyser);
    }
  }
}
