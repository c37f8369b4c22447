import { beforeEach, describe, expect, it, vi } from 'vitest';
import { DaisClient } from '../src/daisClient.js';
import type { RoomEvents } from '../src/protocol.gen.js';
import type { Room } from '../src/room.js';
import type { RoomEventType } from '../src/roomState.js';
import { FakeStream, FakeTrack } from './fakes/fakeMedia.js';
import { Refusal } from './fakes/fakeServer.js';
import { settle } from './fakes/fakeTimers.js';
import { FakeWorld } from './fakes/fakeWorld.js';
import { application, seat, snapshot, user } from './fakes/rooms.js';

let world: FakeWorld;
let client: DaisClient;

beforeEach(() => {
  world = new FakeWorld();
  client = new DaisClient({ environment: world.environment });
  const entered = { room: snapshot(), seq: 10 };
  world.server.on('room.join', ({ offer }) => ({ ...entered, answer: `answer to ${offer}` }));
  world.server.on('room.start', () => ({ ...entered, room: snapshot({ role: 'host' }) }));
  world.server.on('media.subscribe', ({ offer }) => ({ answer: `answer to ${offer}` }));
  world.server.on('media.publish', ({ offer }) => ({ answer: `answer to ${offer}` }));
});

async function logIn(): Promise<void> {
  const session = client.login({ userId: 'guest', userName: 'Guest' });
  await settle();
  world.server.socket.open();
  await session;
}

async function join(): Promise<Room> {
  await logIn();
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

function camera(): MediaStream {
  return new FakeStream(new FakeTrack('audio', 'mic'), new FakeTrack('video', 'cam')) as unknown as MediaStream;
}

describe('Signing in', () => {
  it('opens a session at the page\'s origin', async () => {
    await logIn();
    expect(world.server.socket.url).toBe('wss://live.example.org/v1/ws');
    expect(world.server.paramsOf('session.open')).toEqual([{ platform: 7, userId: 'guest', userName: 'Guest' }]);
    expect(client.session.get()?.userId).toBe('guest');
  });

  it('knows the server\'s clock', async () => {
    await logIn();
    world.timers.nowMs = 5000;
    expect(client.serverNow()).toBe(5000);
  });

  it('asks for the first token when it was given none', async () => {
    const session = client.login({ getToken: () => Promise.resolve('fresh') });
    await settle();
    world.server.socket.open();
    await session;
    expect(world.server.paramsOf('session.open')).toEqual([{ platform: 7, token: 'fresh' }]);
  });

  it('throws what the server refused', async () => {
    world.server.on('session.open', () => {
      throw new Refusal(1002, 'badToken');
    });
    const session = client.login({ token: 'forged' });
    await settle();
    world.server.socket.open();
    await expect(session).rejects.toMatchObject({ code: 1002 });
    expect(client.lastError.get()?.code).toBe(1002);
  });
});

describe('A room', () => {
  it('is joined and its stage received in one round trip', async () => {
    const room = await join();
    expect(world.server.calls.map(({ method }) => method)).toEqual(['session.open', 'room.join']);
    expect(world.server.paramsOf('room.join')).toEqual([{ roomId: 'room', offer: 'offer-peer1-1' }]);
    expect(world.peer.answers).toEqual(['answer to offer-peer1-1']);
    expect(world.peer.configuration.iceServers).toEqual([{ urls: ['stun:stun.example.org'] }]);
    expect(room.state.get()).toMatchObject({ name: 'A room', seq: 10, selfId: 'guest' });
  });

  it('is joined once, however often it is asked for', async () => {
    await logIn();
    const [first, second] = await Promise.all([client.joinRoom('room'), client.joinRoom('room')]);
    expect(second).toBe(first);
    expect(await client.joinRoom('room')).toBe(first);
    expect(world.server.paramsOf('room.join')).toHaveLength(1);
  });

  it('that is not there leaves nothing behind', async () => {
    await logIn();
    world.server.on('room.join', () => {
      throw new Refusal(100004, 'roomNotFound');
    });
    await expect(client.joinRoom('room')).rejects.toMatchObject({ code: 100004, name: 'roomNotFound' });
    expect(client.rooms).toEqual([]);
    expect(world.peer.closed).toBe(true);
  });

  it('is left again when its stage cannot be received', async () => {
    await logIn();
    world.server.on('room.join', () => ({ room: snapshot(), seq: 10, answer: 'bad' }));
    await expect(client.joinRoom('room')).rejects.toMatchObject({ message: 'This answer fits no offer.' });
    expect(world.server.paramsOf('room.leave')).toEqual([{ roomId: 'room' }]);
    expect(client.rooms).toEqual([]);
  });

  it('is started, and its stage received, by its host', async () => {
    await logIn();
    const room = await client.startRoom({ roomId: 'room', name: 'A room' });
    expect(room.state.get().role).toBe('host');
    expect(world.server.calls.map(({ method }) => method)).toEqual(['session.open', 'room.start', 'media.subscribe']);
  });

  it('shows the changed state to whoever hears of an event', async () => {
    const room = await join();
    const seen: [string, number][] = [];
    room.on('seat.applicationEnded', ({ outcome }) => seen.push([outcome, room.state.get().applications.length]));
    tell('seat.applied', { request: application('guest') }, 11);
    expect(room.state.get().applications).toHaveLength(1);
    const ended = { request: application('guest'), by: user('host'), code: 0, message: '' };
    tell('seat.applicationEnded', { ...ended, outcome: 'accepted' }, 13);
    expect(seen).toEqual([['accepted', 0]]);
  });

  it('tells an event once, and none that the snapshot contains', async () => {
    const room = await join();
    const heard = vi.fn();
    room.on('room.phase', heard);
    tell('room.phase', { phase: 'hostAway' }, 10);
    tell('room.phase', { phase: 'hostAway' }, 11);
    tell('room.phase', { phase: 'live' }, 11);
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it('misses nothing that happens while its snapshot is on its way', async () => {
    await logIn();
    world.server.on('room.join', ({ offer }) => {
      tell('room.phase', { phase: 'hostAway' }, 11);
      return { room: snapshot(), seq: 10, answer: `answer to ${offer}` };
    });
    const room = await client.joinRoom('room');
    expect(room.state.get()).toMatchObject({ phase: 'hostAway', seq: 11 });
  });

  it('takes a sync in the place of its state', async () => {
    const room = await join();
    world.server.notify('room.sync', { roomId: 'room', seq: 30, room: snapshot({ name: 'Fresh' }) });
    expect(room.state.get()).toMatchObject({ name: 'Fresh', seq: 30 });
  });

  it('sends each wish of its user as the protocol says', async () => {
    const room = await join();
    world.server.on('seat.apply', () => ({ requestId: 'r1', seated: false }));
    expect(await room.applyForSeat({ timeout: 30 })).toEqual({ requestId: 'r1', seated: false });
    await room.cancelApplication();
    await room.acceptApplication('a');
    await room.rejectApplication('b');
    await room.kickFromSeat('c');
    await room.leaveSeat();
    expect(world.server.calls.slice(2)).toEqual([
      { method: 'seat.apply', params: { roomId: 'room', timeout: 30 } },
      { method: 'seat.cancelApplication', params: { roomId: 'room' } },
      { method: 'seat.acceptApplication', params: { roomId: 'room', userId: 'a' } },
      { method: 'seat.rejectApplication', params: { roomId: 'room', userId: 'b' } },
      { method: 'seat.kick', params: { roomId: 'room', userId: 'c' } },
      { method: 'seat.leave', params: { roomId: 'room' } },
    ]);
  });

  it('sends each order about invitations and seats as the protocol says', async () => {
    const room = await join();
    world.server.on('seat.invite', () => ({ requestId: 'r1', seated: false }));
    expect(await room.inviteToSeat('a', { seatIndex: 3, timeout: 0, extraInfo: 'hi' })).toEqual({
      requestId: 'r1',
      seated: false,
    });
    await room.cancelInvitation('a');
    await room.acceptInvitation();
    await room.rejectInvitation();
    await room.takeSeat(-1);
    await room.lockSeat(4);
    await room.unlockSeat(4);
    await room.moveSeat(5);
    await room.moveSeat(5, { userId: 'b', policy: 'swap' });
    await room.setSeatDevice('b', { microphone: 'locked', camera: 'off' });
    await room.setSeatMode('free');
    expect(world.server.calls.slice(2)).toEqual([
      { method: 'seat.invite', params: { roomId: 'room', userId: 'a', seatIndex: 3, timeout: 0, extraInfo: 'hi' } },
      { method: 'seat.cancelInvitation', params: { roomId: 'room', userId: 'a' } },
      { method: 'seat.acceptInvitation', params: { roomId: 'room' } },
      { method: 'seat.rejectInvitation', params: { roomId: 'room' } },
      { method: 'seat.take', params: { roomId: 'room', seatIndex: -1 } },
      { method: 'seat.lock', params: { roomId: 'room', seatIndex: 4 } },
      { method: 'seat.unlock', params: { roomId: 'room', seatIndex: 4 } },
      { method: 'seat.move', params: { roomId: 'room', seatIndex: 5 } },
      { method: 'seat.move', params: { roomId: 'room', seatIndex: 5, userId: 'b', policy: 'swap' } },
      { method: 'seat.setDevice', params: { roomId: 'room', userId: 'b', microphone: 'locked', camera: 'off' } },
      { method: 'seat.setMode', params: { roomId: 'room', seatMode: 'free' } },
    ]);
  });

  it('lets go of media and events when it ends', async () => {
    const room = await join();
    const ended = vi.fn();
    room.on('room.ended', ended);
    tell('room.ended', { reason: 'host' }, 11);
    tell('room.phase', { phase: 'hostAway' }, 12);
    expect(ended).toHaveBeenCalledTimes(1);
    expect(room.state.get()).toMatchObject({ closed: 'host', phase: 'live' });
    expect(world.peer.closed).toBe(true);
    expect(client.rooms).toEqual([]);
  });

  it('lets go of everything when its user is removed', async () => {
    const room = await join();
    const removed = { user: user('guest'), role: 'audience', reason: 'kicked', durationSeconds: 9 } as const;
    tell('audience.left', removed, 11);
    expect(room.state.get().closed).toBe('kicked');
    expect(world.peer.closed).toBe(true);
    expect(client.rooms).toEqual([]);
  });

  it('is closed on both sides when its user leaves', async () => {
    const room = await join();
    await room.leave();
    expect(room.state.get().closed).toBe('left');
    expect(world.server.paramsOf('room.leave')).toHaveLength(1);
    expect(world.peer.closed).toBe(true);
  });

  it('stays open when the server refuses to end it', async () => {
    const room = await join();
    world.server.on('room.end', () => {
      throw new Refusal(100006, 'insufficientPermission');
    });
    await expect(room.end()).rejects.toMatchObject({ code: 100006 });
    expect(room.state.get().closed).toBeNull();
  });
});

describe('A publication', () => {
  it('ends when its user is taken off the stage', async () => {
    const room = await join();
    await room.publish(camera());
    const sender = world.peer;
    tell('seat.changed', { seats: [seat(1, 'guest')], joined: [user('guest')], left: [] }, 11);
    expect(sender.closed).toBe(false);
    const kicked = { user: user('guest'), seatIndex: 1, reason: 'kicked', by: user('host') } as const;
    tell('seat.changed', { seats: [seat(1)], joined: [], left: [kicked] }, 12);
    await settle();
    expect(sender.closed).toBe(true);
    expect(room.publication).toBeNull();
    expect(world.server.paramsOf('media.unpublish')).toHaveLength(1);
  });

  it('lives on when somebody else leaves, or its user moves to another seat', async () => {
    const room = await join();
    await room.publish(camera());
    const other = { user: user('other'), seatIndex: 0, reason: 'left', by: null } as const;
    tell('seat.changed', { seats: [seat(0), seat(1, 'guest')], joined: [], left: [other] }, 11);
    const moved = { user: user('guest'), seatIndex: 1, reason: 'replaced', by: null } as const;
    tell('seat.changed', { seats: [seat(0, 'guest'), seat(1)], joined: [], left: [moved] }, 12);
    await settle();
    expect(room.publication).not.toBeNull();
  });

  it('that is refused leaves nothing behind', async () => {
    const room = await join();
    world.server.on('media.publish', () => {
      throw new Refusal(100002, 'badOffer');
    });
    await expect(room.publish(camera())).rejects.toMatchObject({ code: 100002 });
    expect(room.publication).toBeNull();
    expect(world.peer.closed).toBe(true);
  });
});

describe('After a lost connection', () => {
  it('rooms are joined again with a fresh snapshot, media and all', async () => {
    const room = await join();
    const streams = room.subscription.streams;
    await room.publish(camera());
    world.server.on('room.join', ({ offer }) => ({
      room: snapshot({ name: 'Changed meanwhile' }),
      seq: 20,
      answer: `answer to ${offer}`,
    }));
    await reconnect();
    expect(room.state.get()).toMatchObject({ name: 'Changed meanwhile', seq: 20 });
    expect(world.peers.map(({ closed }) => closed)).toEqual([true, true, false, false]);
    expect(room.subscription.streams).toBe(streams);
    expect(world.server.paramsOf('media.publish')).toHaveLength(2);
    expect(client.rooms).toEqual([room]);
  });

  it('a room that is gone is closed', async () => {
    const room = await join();
    world.server.on('room.join', () => {
      throw new Refusal(100004, 'roomNotFound');
    });
    await reconnect();
    expect(room.state.get().closed).toBe('gone');
    expect(client.rooms).toEqual([]);
  });

  it('a refusal that may pass is tried again', async () => {
    const room = await join();
    let refusals = 0;
    world.server.on('room.join', ({ offer }) => {
      refusals += 1;
      if (refusals < 3) {
        throw new Refusal(1004, 'rateLimited', true);
      }
      return { room: snapshot({ name: 'Back' }), seq: 20, answer: `answer to ${offer}` };
    });
    await reconnect();
    await world.timers.advance(375 + 750);
    expect(room.state.get()).toMatchObject({ name: 'Back', closed: null });
  });

  it('a room that was left meanwhile stays left', async () => {
    const room = await join();
    world.server.socket.end(1006);
    await expect(room.leave()).rejects.toMatchObject({ name: 'notConnected' });
    await world.timers.advance(375);
    world.server.socket.open();
    await settle();
    expect(world.server.paramsOf('room.join')).toHaveLength(1);
    expect(client.rooms).toEqual([]);
  });

  it('the application can try at once', async () => {
    await join();
    world.server.socket.end(1006);
    client.reconnectNow();
    world.server.socket.open();
    await settle();
    expect(client.status.get()).toBe('open');
  });
});

describe('A connection that is closed for good', () => {
  it('closes every room on this side', async () => {
    const room = await join();
    world.server.socket.end(4501, 'Another connection took over.');
    expect(room.state.get().closed).toBe('connectionClosed');
    expect(client.rooms).toEqual([]);
    expect(client.lastError.get()).toMatchObject({ code: 4501 });
    expect(client.session.get()).toBeNull();
  });
});
