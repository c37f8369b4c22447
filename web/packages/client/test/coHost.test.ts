import { beforeEach, describe, expect, it } from 'vitest';
import { DaisClient } from '../src/daisClient.js';
import type { RoomEvents } from '../src/protocol.gen.js';
import type { Room } from '../src/room.js';
import type { RoomEventType } from '../src/roomState.js';
import { Refusal } from './fakes/fakeServer.js';
import { settle } from './fakes/fakeTimers.js';
import { FakeWorld } from './fakes/fakeWorld.js';
import { connection, hostRequest, roomHost, snapshot } from './fakes/rooms.js';

let world: FakeWorld;
let room: Room;

beforeEach(async () => {
  world = new FakeWorld();
  const client = new DaisClient({ environment: world.environment });
  world.server.on('room.start', () => ({ room: snapshot({ role: 'host' }), seq: 10 }));
  world.server.on('media.subscribe', ({ offer }) => ({ answer: `answer to ${offer}` }));
  const session = client.login({ userId: 'host' });
  await settle();
  world.server.socket.open();
  await session;
  room = await client.startRoom({ roomId: 'room' });
});

function tell<T extends RoomEventType>(type: T, data: RoomEvents[T], seq: number): void {
  world.server.notify('room.event', { roomId: 'room', seq, at: 0, type, data });
}

describe('The host of a room', () => {
  it('asks other rooms, and hears what became of each request at once', async () => {
    world.server.on('coHost.request', () => ({ results: { b: 0, c: 1 } }));
    const asked = await room.requestHostConnection(['b', 'c'], { layoutTemplateId: 601, timeout: 20, extraInfo: 'hi' });
    expect(asked.results).toEqual({ b: 0, c: 1 });
    expect(world.server.paramsOf('coHost.request')).toEqual([
      { roomId: 'room', targetRoomIds: ['b', 'c'], layoutTemplateId: 601, timeout: 20, extraInfo: 'hi' },
    ]);
  });

  it('sends each order about connections as the protocol says', async () => {
    await room.cancelHostRequest('b');
    await room.acceptHostRequest('c');
    await room.rejectHostRequest('d');
    await room.muteRemoteHost('c', true);
    await room.exitHostConnection();
    expect(world.server.calls.slice(3)).toEqual([
      { method: 'coHost.cancel', params: { roomId: 'room', targetRoomId: 'b' } },
      { method: 'coHost.accept', params: { roomId: 'room', fromRoomId: 'c' } },
      { method: 'coHost.reject', params: { roomId: 'room', fromRoomId: 'd' } },
      { method: 'coHost.muteRemoteAudio', params: { roomId: 'room', remoteRoomId: 'c', muted: true } },
      { method: 'coHost.exit', params: { roomId: 'room' } },
    ]);
  });

  it('reads page by page which rooms can be asked', async () => {
    const page = { candidates: [{ ...roomHost('b'), audienceCount: 3 }], cursor: 'next' };
    world.server.on('coHost.candidates', () => page);
    expect(await room.listHostCandidates()).toEqual(page);
    await room.listHostCandidates('next');
    expect(world.server.paramsOf('coHost.candidates')).toEqual([
      { roomId: 'room', cursor: '' },
      { roomId: 'room', cursor: 'next' },
    ]);
  });

  it('hears of a refusal with its code', async () => {
    world.server.on('coHost.accept', () => {
      throw new Refusal(100404, 'tooManyConnections');
    });
    await expect(room.acceptHostRequest('b')).rejects.toMatchObject({ code: 100404, name: 'tooManyConnections' });
  });

  it('sees the connection before it hears that its request was accepted', () => {
    const seen: unknown[] = [];
    room.on('coHost.requestEnded', ({ outcome }) => {
      const { connection: now, sentHostRequests } = room.state.get();
      seen.push([outcome, now?.members.length, sentHostRequests.length]);
    });
    tell('coHost.requested', { request: hostRequest('room', 'b') }, 11);
    expect(room.state.get().sentHostRequests).toHaveLength(1);
    tell('coHost.changed', { connection: connection(['b']), joined: [roomHost('b')], left: [] }, 12);
    tell('coHost.requestEnded', { request: hostRequest('room', 'b'), outcome: 'accepted', code: 0 }, 14);
    expect(seen).toEqual([['accepted', 2, 0]]);
  });

  it('gets connection and open requests with a snapshot', () => {
    const known = { connection: connection(['b'], ['b']), receivedHostRequests: [hostRequest('c', 'room')] };
    world.server.notify('room.sync', { roomId: 'room', seq: 30, room: snapshot(known) });
    expect(room.state.get()).toMatchObject(known);
  });
});
