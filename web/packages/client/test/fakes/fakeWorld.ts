import type { Environment } from '../../src/environment.js';
import { FakePeer, FakeStream } from './fakeMedia.js';
import { FakeServer } from './fakeServer.js';
import { FakeTimers } from './fakeTimers.js';

const videoCodecs = [
  { mimeType: 'video/VP8', clockRate: 90000 },
  { mimeType: 'video/rtx', clockRate: 90000 },
  { mimeType: 'video/VP9', clockRate: 90000, sdpFmtpLine: 'profile-id=0' },
  { mimeType: 'video/VP9', clockRate: 90000, sdpFmtpLine: 'profile-id=2' },
  { mimeType: 'video/H264', clockRate: 90000, sdpFmtpLine: 'packetization-mode=1;profile-level-id=42e01f' },
  { mimeType: 'video/H264', clockRate: 90000, sdpFmtpLine: 'packetization-mode=0;profile-level-id=42e01f' },
  { mimeType: 'video/AV1', clockRate: 90000, sdpFmtpLine: 'level-idx=5;profile=0;tier=0' },
  { mimeType: 'video/AV1', clockRate: 90000, sdpFmtpLine: 'level-idx=5;profile=1;tier=0' },
  { mimeType: 'video/ulpfec', clockRate: 90000 },
];
const audioCodecs = [
  { mimeType: 'audio/opus', clockRate: 48000 },
  { mimeType: 'audio/red', clockRate: 48000 },
  { mimeType: 'audio/PCMU', clockRate: 8000 },
];

/** Everything a client touches, in the hands of a test: a server, a clock, chance (always one half), media. */
export class FakeWorld {
  readonly server = new FakeServer();
  readonly timers = new FakeTimers();
  readonly peers: FakePeer[] = [];
  readonly networkListeners = new Set<() => void>();
  userMedia: () => Promise<unknown> = () => Promise.resolve(new FakeStream());

  readonly environment: Environment = {
    createSocket: (url, protocol) => this.server.createSocket(url, protocol),
    createPeerConnection: (configuration) => {
      const peer = new FakePeer(`peer${this.peers.length + 1}`, configuration);
      this.peers.push(peer);
      return peer as unknown as RTCPeerConnection;
    },
    createMediaStream: () => new FakeStream() as unknown as MediaStream,
    receiverCapabilities: (kind) => ({ codecs: kind === 'audio' ? audioCodecs : videoCodecs, headerExtensions: [] }),
    getUserMedia: () => this.userMedia() as Promise<MediaStream>,
    startTimer: (callback, delayMs) => this.timers.start(callback, delayMs),
    watchNetwork: (listener) => {
      this.networkListeners.add(listener);
      return () => this.networkListeners.delete(listener);
    },
    now: () => this.timers.nowMs,
    random: () => 0.5,
    origin: 'https://live.example.org',
  };

  changeNetwork(): void {
    for (const listener of this.networkListeners) {
      listener();
    }
  }

  get peer(): FakePeer {
    const peer = this.peers.at(-1);
    if (peer === undefined) {
      throw new Error('There is no peer connection yet.');
    }
    return peer;
  }
}
