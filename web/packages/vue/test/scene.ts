import type { DepartedHost, RoomEventType, RoomEvents, RoomSnapshot, User } from '@dais/client';
import { vi } from 'vitest';
import { nextTick } from 'vue';
import { FakeTrack } from '../../client/test/fakes/fakeMedia';
import { settle } from '../../client/test/fakes/fakeTimers';
import { FakeWorld } from '../../client/test/fakes/fakeWorld';
import { connection, hostRequest, roomHost, seat, snapshot, stageEntry, user } from '../../client/test/fakes/rooms';
import { resetDais, useLiveListState, useLoginState } from '../src/index';

export { Refusal } from '../../client/test/fakes/fakeServer';
export {
  application,
  connection,
  hostRequest,
  roomHost,
  seat,
  snapshot,
  stageEntry,
  user,
} from '../../client/test/fakes/rooms';

/** A stream in Node.js. */
class TestStream {
  constructor(private readonly tracks: unknown[] = []) {}
  getTracks = (): unknown[] => this.tracks;
  getAudioTracks = (): unknown[] => this.tracks.filter((track) => (track as FakeTrack).kind === 'audio');
  getVideoTracks = (): unknown[] => this.tracks.filter((track) => (track as FakeTrack).kind === 'video');
}

/** A track of a device that remembers whether it was stopped. */
export class DeviceTrack extends FakeTrack {
  stopped = false;
  onended: (() => void) | null = null;
  stop = (): void => {
    this.stopped = true;
  };
  override getSettings(): { width?: number; height?: number; deviceId: string } {
    return { deviceId: this.id };
  }
}

/** The browser's devices: a microphone `mic`, cameras `cam` and `cam-2`. `refuse` names the error that is thrown. */
export function stubDevices(refuse: (constraints: MediaStreamConstraints) => string | null = () => null) {
  const wantedId = (wanted: unknown, usual: string): string =>
    (wanted as { deviceId?: { exact: string } }).deviceId?.exact ?? usual;
  const getUserMedia = vi.fn(async (constraints: MediaStreamConstraints) => {
    const refused = refuse(constraints);
    if (refused !== null) {
      throw new DOMException('', refused);
    }
    return new TestStream([
      ...(constraints.audio ? [new DeviceTrack('audio', wantedId(constraints.audio, 'mic'))] : []),
      ...(constraints.video ? [new DeviceTrack('video', wantedId(constraints.video, 'cam'))] : []),
    ]);
  });
  const enumerateDevices = async () => [
    { kind: 'audioinput', deviceId: 'mic', label: '' },
    { kind: 'videoinput', deviceId: 'cam', label: 'Front camera' },
    { kind: 'videoinput', deviceId: 'cam-2', label: 'Back camera' },
  ];
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia, enumerateDevices } });
  vi.stubGlobal('MediaStream', TestStream);
  return { getUserMedia };
}

/** One user of the composables, with the server in the test's hands. */
export class Scene {
  readonly world = new FakeWorld();
  #seq = 10;
  #connected: string[] = [];

  constructor(readonly selfId: string) {
    resetDais(this.world.environment);
    const { server } = this.world;
    server.on('media.subscribe', ({ offer }) => ({ answer: `answer to ${offer}` }));
    server.on('media.publish', ({ offer }) => ({ answer: `answer to ${offer}` }));
    server.on('media.prefer', () => ({}));
    server.on('seat.apply', () => ({ requestId: 'request', seated: false }));
    server.on('seat.invite', () => ({ requestId: 'request', seated: false }));
    server.on('coHost.request', ({ targetRoomIds }) => ({
      results: Object.fromEntries(targetRoomIds.map((roomId) => [roomId, 0])),
    }));
    server.on('coHost.candidates', () => ({ candidates: [], cursor: '' }));
  }

  get server(): FakeWorld['server'] {
    return this.world.server;
  }

  async signIn(): Promise<void> {
    const done = useLoginState().login({ userId: this.selfId, userName: `Name of ${this.selfId}` });
    await settle();
    this.server.socket.open();
    await done;
  }

  /** Signs in and joins the room `room`; `host` owns it. */
  async join(changes: Partial<RoomSnapshot> = {}): Promise<void> {
    await this.signIn();
    const role = this.selfId === 'host' ? 'host' : 'audience';
    this.server.on('room.join', ({ offer }) => ({
      room: snapshot({ role, maxSeats: 3, seats: [seat(0, 'host'), seat(1), seat(2)], ...changes }),
      seq: this.#seq,
      answer: `answer to ${offer}`,
    }));
    await this.rejoin();
  }

  /** Joins the room `room` once more, as `join` found it. */
  async rejoin(): Promise<void> {
    this.#seq = 10;
    await useLiveListState().joinLive({ liveId: 'room' });
  }

  tell<T extends RoomEventType>(type: T, data: RoomEvents[T]): void {
    this.#seq += 1;
    this.server.notify('room.event', { roomId: 'room', seq: this.#seq, at: 1000 + this.#seq, type, data });
  }

  /** Someone comes on stage; those who sit already stay. */
  seats(...userIds: string[]): void {
    const seats = [seat(0, 'host'), ...[1, 2].map((index) => seat(index, userIds[index - 1]))];
    this.tell('seat.changed', { seats, joined: userIds.map(user), left: [] });
    this.tell('stage.changed', {
      stage: ['host', ...userIds].map((userId, slot) => stageEntry(slot, userId)),
      canvas: { width: 720, height: 1280 },
    });
  }

  /** One room asks another, `room` being this one. */
  asks(from: string, to: string): void {
    this.tell('coHost.requested', { request: hostRequest(from, to) });
  }

  /** A request between rooms ends. */
  asked(from: string, to: string, outcome: RoomEvents['coHost.requestEnded']['outcome'], code = 0): void {
    this.tell('coHost.requestEnded', { request: hostRequest(from, to), outcome, code });
  }

  /** The room is connected with these others now (none: not any more), and their hosts are on its stage. */
  connects(others: string[], left: DepartedHost[] = [], mutedRooms: string[] = []): void {
    const before = new Set(this.#connected);
    this.#connected = others;
    this.tell('coHost.changed', {
      connection: others.length === 0 ? null : connection(others, mutedRooms),
      joined: others.filter((roomId) => !before.has(roomId)).map(roomHost),
      left,
    });
    const remote = others.map((roomId, index) => {
      const { host } = roomHost(roomId);
      return { ...stageEntry(index + 1, host.userId), roomId, seatIndex: 0 };
    });
    this.tell('stage.changed', { stage: [stageEntry(0, 'host'), ...remote], canvas: { width: 720, height: 1280 } });
  }

  ended(userId: string, outcome: RoomEvents['seat.applicationEnded']['outcome'], by: User | null, code = 0) {
    return { outcome, by, code, message: '', request: this.request(userId, null) };
  }

  request(userId: string, inviter: User | null): RoomEvents['seat.applied']['request'] {
    const times = { createdAt: 0, expiresAt: 60_000 };
    return { requestId: `r-${userId}`, user: user(userId), inviter, seatIndex: -1, ...times, extraInfo: '' };
  }
}

/** Lets everything that can happen now happen. */
export async function quiet(): Promise<void> {
  await settle();
  await nextTick();
  await settle();
}
