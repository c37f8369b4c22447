import type { RoomEventType, RoomEvents, RoomSnapshot, StageEntry } from '@dais/client';
import { vi } from 'vitest';
import { FakeTrack } from '../../client/test/fakes/fakeMedia.js';
import { Refusal } from '../../client/test/fakes/fakeServer.js';
import { settle } from '../../client/test/fakes/fakeTimers.js';
import { FakeWorld } from '../../client/test/fakes/fakeWorld.js';
import { seat, snapshot, stageEntry, user } from '../../client/test/fakes/rooms.js';
import type { Client, ClientConfig, JoinOptions } from '../src/client.js';
import type { ClientEvents } from '../src/clientEvents.js';
import type { StreamConfig } from '../src/capture.js';
import type { LocalStream } from '../src/localStream.js';
import { RtcError } from '../src/rtcError.js';
import { createClientIn, createStreamIn } from '../src/trtc.js';
import type { World } from '../src/world.js';

export { FakeTrack, Refusal, seat, settle, snapshot, stageEntry, user };

/** A track of a device that remembers what was done to it. */
export class DeviceTrack extends FakeTrack {
  stopped = false;
  onended: (() => void) | null = null;
  constraints: object[] = [];
  stop(): void {
    this.stopped = true;
  }
  applyConstraints(constraints: object): Promise<void> {
    this.constraints.push(constraints);
    return Promise.resolve();
  }
}

export const asTrack = (track: DeviceTrack): MediaStreamTrack => track as unknown as MediaStreamTrack;

const events: (keyof ClientEvents)[] = [
  'stream-added',
  'stream-subscribed',
  'stream-updated',
  'stream-removed',
  'peer-join',
  'peer-leave',
  'mute-audio',
  'unmute-audio',
  'mute-video',
  'unmute-video',
  'client-banned',
  'error',
];

/** One page with its clients, and the server in the test's hands. */
export class Scene {
  readonly fakes = new FakeWorld();
  /** What the devices were asked for. */
  readonly asked: MediaStreamConstraints[] = [];
  /** What `watch` heard, in words: `peer-join A`. */
  readonly heard: string[] = [];
  refuseDevices: string | null = null;
  #seq = 10;

  readonly world: World = {
    ...this.fakes.environment,
    getUserMedia: (constraints) => this.#capture(constraints),
    getDisplayMedia: (options) => this.#capture(options),
    enumerateDevices: () => Promise.resolve([]),
  };

  constructor() {
    const { server } = this.fakes;
    server.on('media.subscribe', ({ offer }) => ({ answer: `answer to ${offer}` }));
    server.on('media.publish', ({ offer }) => ({ answer: `answer to ${offer}` }));
    server.on('room.start', () => {
      throw new Refusal(100003, 'roomIdTaken');
    });
    this.room({});
  }

  get server(): FakeWorld['server'] {
    return this.fakes.server;
  }

  get methods(): string[] {
    return this.server.calls.map(({ method }) => method);
  }

  /** The room that is joined. The own user sits on seat 1 unless told otherwise. */
  room(changes: Partial<RoomSnapshot>): void {
    this.server.on('room.join', ({ roomId, offer }) => ({
      room: snapshot({ roomId, seatMode: 'free', maxSeats: 3, stage: [], audience: [], audienceCount: 0, ...changes }),
      seq: this.#seq,
      answer: `answer to ${offer}`,
    }));
  }

  client(config: Partial<ClientConfig> = {}): Client {
    return createClientIn(this.world, { sdkAppId: 0, userId: 'me', userSig: 'xxxx', mode: 'live', ...config });
  }

  stream(config: StreamConfig = { audio: true, video: true }): LocalStream {
    return createStreamIn(this.world, config);
  }

  /** Joins, with a server that lets everybody in. */
  async join(client: Client, options: JoinOptions = { roomId: 1000, role: 'audience' }): Promise<void> {
    const done = client.join(options);
    await settle();
    this.server.socket.open();
    await done;
    await this.fakes.timers.advance(0);
  }

  /** A client that is in room 1000, and whose events are written down. */
  async joined(role: JoinOptions['role'] = 'audience', config: Partial<ClientConfig> = {}): Promise<Client> {
    const client = this.client(config);
    this.watch(client);
    await this.join(client, { roomId: 1000, role: role ?? 'anchor' });
    return client;
  }

  /** A client on stage. */
  onStage(config: Partial<ClientConfig> = {}): Promise<Client> {
    this.room({ seats: [seat(0, 'host'), seat(1, 'me'), seat(2)] });
    return this.joined('anchor', config);
  }

  watch(client: Client): void {
    for (const event of events) {
      client.on(event, (data) => this.heard.push(`${event} ${wordOf(data)}`));
    }
  }

  tell<T extends RoomEventType>(type: T, data: RoomEvents[T]): void {
    this.#seq += 1;
    this.server.notify('room.event', { roomId: '1000', seq: this.#seq, at: 0, type, data });
  }

  /** The stage is this now; time for a new stream to settle passes. */
  async stage(...entries: StageEntry[]): Promise<void> {
    this.tell('stage.changed', { stage: entries, canvas: { width: 720, height: 1280 } });
    await this.fakes.timers.advance(200);
  }

  #capture(constraints: MediaStreamConstraints): Promise<MediaStream> {
    this.asked.push(constraints);
    if (this.refuseDevices !== null) {
      return Promise.reject(new DOMException('No.', this.refuseDevices));
    }
    const media = this.world.createMediaStream();
    for (const kind of ['audio', 'video'] as const) {
      if (constraints[kind]) {
        media.addTrack(asTrack(new DeviceTrack(kind, `${kind}-${this.asked.length}`)));
      }
    }
    return Promise.resolve(media);
  }
}

/** Someone on stage of room 1000 who sends what `sends` says. */
export function onStage(slot: number, userId: string, sends = 'audio video', roomId = '1000'): StageEntry {
  const state = (kind: string): 'on' | 'off' => (sends.includes(kind) ? 'on' : 'off');
  return { ...stageEntry(slot, userId), roomId, microphone: state('audio'), camera: state('video') };
}

/** Media elements as a browser has them, as far as the player uses them. `refuse` names the error of `play`. */
export function stubMediaElements(): { refuse: string | null } {
  const browser: { refuse: string | null } = { refuse: null };
  const sources = new WeakMap<object, unknown>();
  vi.spyOn(HTMLMediaElement.prototype, 'srcObject', 'get').mockImplementation(function (this: object) {
    return (sources.get(this) ?? null) as MediaStream | null;
  });
  vi.spyOn(HTMLMediaElement.prototype, 'srcObject', 'set').mockImplementation(function (this: object, source) {
    sources.set(this, source);
  });
  vi.spyOn(HTMLMediaElement.prototype, 'play').mockImplementation(function (this: HTMLMediaElement) {
    if (browser.refuse !== null) {
      return Promise.reject(new DOMException('No.', browser.refuse));
    }
    this.dispatchEvent(new Event('playing'));
    return Promise.resolve();
  });
  return browser;
}

/** The code of the error that a promise is rejected with; 0 when it is not. */
export async function codeOf(promise: Promise<unknown>): Promise<number> {
  return promise.then(
    () => 0,
    (error: unknown) => (error instanceof RtcError ? error.getCode() : -1),
  );
}

function wordOf(data: ClientEvents[keyof ClientEvents]): string {
  if (data instanceof RtcError) {
    return `0x${data.getCode().toString(16)}`;
  }
  if ('stream' in data) {
    return data.stream.getUserId();
  }
  return 'userId' in data ? data.userId : 'reason' in data ? data.reason : '';
}
