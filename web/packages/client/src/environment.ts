/** What this client uses of a WebSocket. */
export interface SocketLike {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

/** Everything this client takes from the world around it, so that tests can give it another one. */
export interface Environment {
  createSocket(url: string, protocol: string): SocketLike;
  createPeerConnection(configuration: RTCConfiguration): RTCPeerConnection;
  createMediaStream(): MediaStream;
  /** What the browser can receive; null where it does not say. */
  receiverCapabilities(kind: 'audio' | 'video'): RTCRtpCapabilities | null;
  getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream>;
  /** Calls `callback` once after `delayMs`; the returned function prevents that. */
  startTimer(callback: () => void, delayMs: number): () => void;
  /** Calls `listener` whenever the network may be another one; the returned function ends that. */
  watchNetwork?(listener: () => void): () => void;
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** A number in [0, 1). */
  random(): number;
  /** The origin a client talks to when it is not told another one, for example `https://live.example.org`. */
  readonly origin: string | null;
}

/** The world as a browser provides it. */
export function browserEnvironment(): Environment {
  return {
    createSocket: (url, protocol) => new WebSocket(url, protocol) as SocketLike,
    createPeerConnection: (configuration) => new RTCPeerConnection(configuration),
    createMediaStream: () => new MediaStream(),
    receiverCapabilities: (kind) =>
      typeof RTCRtpReceiver === 'undefined' ? null : RTCRtpReceiver.getCapabilities(kind),
    getUserMedia: (constraints) => navigator.mediaDevices.getUserMedia(constraints),
    startTimer: (callback, delayMs) => {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
    watchNetwork: (listener) => {
      globalThis.addEventListener?.('online', listener);
      return () => globalThis.removeEventListener?.('online', listener);
    },
    now: () => Date.now(),
    random: () => Math.random(),
    origin: typeof location === 'undefined' ? null : location.origin,
  };
}
