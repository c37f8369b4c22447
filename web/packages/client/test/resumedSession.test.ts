import { beforeEach, describe, expect, it } from 'vitest';
import { DaisClient } from '../src/daisClient.js';
import type { RoomEvents } from '../src/protocol.gen.js';
import type { Room } from '../src/room.js';
import type { RoomEventType } from '../src/roomState.js';
import { FakeStream, FakeTrack } from './fakes/fakeMedia.js';
import { settle } from './fakes/fakeTimers.js';
import { FakeWorld } from './fakes/fakeWorld.js';
import { snapshot } from './fakes/rooms.js';

let world: FakeWorld;
let client: DaisClient;

async function join(): Promise<Room> {
  const session = client.login({ userId: 'guest' });
  await settle();
  world.server.socket.open();
  await session;
  return client.joinRoom('room');
}

async function reconnect(): Promise<void> {
  world.server.socket.end(1006);
  await world.timers.advance(375);
  world.server.socket.open();
  await settle();
}

function tell<T extends RoomEventType>(type: T, data: RoomEvents[T], seq: number): void {
  world.server.notify('room.event', { roomId: 'room', seq, at: 0, type, data });
}

describe('When the session is resumed', () => {
  beforeEach(() => {
    world = new FakeWorld();
    client = new DaisClient({ environment: world.environment });
    world.server.on('room.join', ({ offer }) => ({ room: snapshot(), seq: 10, answer: `answer to ${offer}` }));
    world.server.on('media.publish', ({ offer }) => ({ answer: `answer to ${offer}` }));
    world.server.on('media.subscribe', ({ offer }) => ({ answer: `answer to ${offer}` }));
    world.server.on('session.open', ({ resume }) => ({
      sessionId: resume?.sessionId ?? 'session',
      resumeKey: 'key',
      resumed: resume !== undefined,
      userId: 'guest',
      userName: 'Guest',
      serverTime: 0,
      pingSeconds: 20,
      graceSeconds: 10,
      developmentMode: false,
      iceServers: [],
    }));
  });

  it('rooms and media go on as they were, and what was missed is told once', async () => {
    const room = await join();
    await room.publish(new FakeStream(new FakeTrack('audio', 'mic')) as unknown as MediaStream);
    const heard: number[] = [];
    room.on('room.phase', (_, { seq }) => heard.push(seq));
    tell('room.phase', { phase: 'hostAway' }, 11);
    await reconnect();
    tell('room.phase', { phase: 'hostAway' }, 11);
    tell('room.phase', { phase: 'live' }, 12);
    expect(heard).toEqual([11, 12]);
    expect(world.server.paramsOf('session.open').at(-1)).toMatchObject({ resume: { seqs: { room: 11 } } });
    expect(world.server.paramsOf('room.join')).toHaveLength(1);
    expect(world.peers.map(({ closed }) => closed)).toEqual([false, false]);
    expect([room.subscription.negotiations, room.publication?.negotiations]).toEqual([1, 1]);
  });

  it('encodings nobody watches stay off, as the server says again', async () => {
    const room = await join();
    await room.publish(new FakeStream(new FakeTrack('video', 'cam')) as unknown as MediaStream);
    const active = (): unknown[] | undefined =>
      world.peers
        .flatMap(({ transceivers }) => transceivers)
        .find(({ kind, direction }) => kind === 'video' && direction === 'sendonly')
        ?.encodings.map((encoding) => encoding.active);
    world.server.notify('media.layersWanted', { roomId: 'room', rids: ['q'] });
    await reconnect();
    expect(active()).toEqual([true, true, true]);
    world.server.notify('media.layersWanted', { roomId: 'room', rids: ['q', 'h'] });
    await settle();
    expect(active()).toEqual([true, true, false]);
  });

  it('a snapshot takes the place of what was missed', async () => {
    const room = await join();
    await reconnect();
    world.server.notify('room.sync', { roomId: 'room', seq: 40, room: snapshot({ name: 'Fresh' }) });
    tell('room.phase', { phase: 'hostAway' }, 39);
    expect(room.state.get()).toMatchObject({ name: 'Fresh', seq: 40, phase: 'live', selfId: 'guest' });
  });

  it('a room whose place was lost is joined again', async () => {
    const room = await join();
    const back = { room: snapshot({ name: 'Back' }), seq: 50 };
    world.server.on('room.join', ({ offer }) => ({ ...back, answer: `answer to ${offer}` }));
    await reconnect();
    world.server.notify('room.sync', { roomId: 'room', seq: 10, room: null });
    await settle();
    expect(room.state.get()).toMatchObject({ name: 'Back', seq: 50, closed: null });
    expect(client.rooms).toEqual([room]);
  });

  it('a room that has ended meanwhile is closed with its reason', async () => {
    const room = await join();
    await reconnect();
    tell('room.ended', { reason: 'hostTimeout' }, 30);
    expect(room.state.get().closed).toBe('hostTimeout');
    await reconnect();
    expect(world.server.paramsOf('session.open').at(-1)).toMatchObject({ resume: { seqs: {} } });
  });

  it('a media path that broke meanwhile restarts ICE, on the same peer connection', async () => {
    const room = await join();
    world.peer.become('connected');
    world.server.socket.end(1006);
    world.peer.become('failed');
    await settle();
    expect(room.subscription.status.get()).toBe('stranded');
    await world.timers.advance(375);
    world.server.socket.open();
    await settle();
    expect(world.peer.iceRestarts).toEqual([false, true, true]);
    world.peer.become('connected');
    expect(room.subscription.status.get()).toBe('connected');
    expect(world.peers).toHaveLength(1);
  });

  it('the application sees that the client is reconnecting until it is back', async () => {
    await join();
    const seen: boolean[] = [];
    client.reconnecting.subscribe((value) => seen.push(value));
    await reconnect();
    world.server.socket.end(4501);
    expect(seen).toEqual([true, false]);
  });

  it('a change of network repairs connection and media at once', async () => {
    await join();
    world.peer.become('connected');
    world.server.socket.end(1006);
    world.changeNetwork();
    await settle();
    world.server.socket.open();
    await settle();
    expect(client.status.get()).toBe('open');
    expect(world.peer.iceRestarts.slice(1)).toEqual([true, true]);
    client.close();
    expect(world.networkListeners.size).toBe(0);
  });
});
