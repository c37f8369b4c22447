import { beforeEach, describe, expect, it } from 'vitest';
import { DaisClient } from '../src/daisClient.js';
import { Refusal } from './fakes/fakeServer.js';
import { settle } from './fakes/fakeTimers.js';
import { FakeWorld } from './fakes/fakeWorld.js';
import { snapshot } from './fakes/rooms.js';

let world: FakeWorld;
let client: DaisClient;
/** The rooms the server keeps something prepared for. */
let kept: Set<string>;

beforeEach(async () => {
  world = new FakeWorld();
  kept = new Set();
  client = new DaisClient({ environment: world.environment });
  world.server.on('media.prepare', ({ roomId, offer }) => {
    kept.add(roomId);
    return { answer: `answer to ${offer}` };
  });
  world.server.on('media.subscribe', ({ offer }) => ({ answer: `answer to ${offer}` }));
  world.server.on('room.join', ({ roomId, offer }) => ({
    room: snapshot({ roomId }),
    seq: 10,
    ...(offer === undefined ? {} : { answer: `answer to ${offer}` }),
    ...(offer === undefined && kept.has(roomId) ? { prepared: true } : {}),
  }));
  const session = client.login({ userId: 'guest' });
  await settle();
  world.server.socket.open();
  await session;
});

const methods = (): string[] =>
  world.server.calls.map(({ method }) => method).filter((name) => name !== 'session.ping');

describe('A prepared room', () => {
  it('is joined without an offer, on the path that is open already', async () => {
    expect(await client.prepareRoom('room')).toBe(true);
    world.peer.become('connected');
    const room = await client.joinRoom('room');

    expect(methods()).toEqual(['session.open', 'media.prepare', 'room.join']);
    expect(world.server.paramsOf('room.join')).toEqual([{ roomId: 'room' }]);
    expect(world.peers).toHaveLength(1);
    expect(room.subscription.status.get()).toBe('connected');
    expect(room.streamOf({ slot: 0 })?.getTracks()).toHaveLength(2);
  });

  it('has the streams of the room from the beginning', async () => {
    expect(client.preparedStreams('room')).toEqual([]);
    const preparing = client.prepareRoom('room');
    const streams = client.preparedStreams('room');
    expect(streams).toHaveLength(10);
    await preparing;
    const room = await client.joinRoom('room');
    expect(room.subscription.streams).toBe(streams);
    expect(client.preparedStreams('room')).toEqual([]);
  });

  it('is no room this client is in', async () => {
    await client.prepareRoom('room');
    expect(client.rooms).toEqual([]);
  });

  it('is prepared once, however often that is asked for', async () => {
    expect(await Promise.all([client.prepareRoom('room'), client.prepareRoom('room')])).toEqual([true, true]);
    await client.prepareRoom('room');
    expect(world.peers).toHaveLength(1);
    expect(world.server.paramsOf('media.prepare')).toHaveLength(1);
  });

  it('is joined in the same flight when it is not ready yet', async () => {
    world.server.on('media.prepare', () => undefined);
    world.server.on('room.join', ({ roomId }) => ({ room: snapshot({ roomId }), seq: 10, prepared: true }));
    void client.prepareRoom('room');
    const joining = client.joinRoom('room');
    await settle();
    expect(methods()).toEqual(['session.open', 'media.prepare', 'room.join']);
    expect((await joining).roomId).toBe('room');
    expect(world.peers).toHaveLength(1);
  });

  it('is subscribed to anew when the server has dropped it', async () => {
    await client.prepareRoom('room');
    kept.clear();
    const room = await client.joinRoom('room');

    expect(methods()).toEqual(['session.open', 'media.prepare', 'room.join', 'media.subscribe']);
    expect(world.peers.map(({ closed }) => closed)).toEqual([true, false]);
    expect(room.streamOf({ slot: 0 })?.getTracks().map(({ id }) => id)).toEqual(['peer2-0', 'peer2-1']);
  });

  it('is let go after 25 s, and joined as any other then', async () => {
    await client.prepareRoom('room');
    world.peer.become('connected');
    await world.timers.advance(24_999);
    expect(world.peer.closed).toBe(false);
    await world.timers.advance(1);
    expect(world.peer.closed).toBe(true);
    await client.joinRoom('room');
    expect(world.server.paramsOf('room.join')).toEqual([{ roomId: 'room', offer: 'offer-peer2-1' }]);
  });

  it('stays when its time is over after it was joined', async () => {
    await client.prepareRoom('room');
    const room = await client.joinRoom('room');
    world.peer.become('connected');
    await world.timers.advance(60_000);
    expect(world.peer.closed).toBe(false);
    expect(room.state.get().closed).toBeNull();
  });

  it('is let go with the connection', async () => {
    await client.prepareRoom('room');
    world.server.socket.end(1006);
    expect(world.peer.closed).toBe(true);
  });

  it('is let go when the network is another one', async () => {
    await client.prepareRoom('room');
    world.changeNetwork();
    expect(world.peer.closed).toBe(true);
  });

  it('is let go when that is asked for', async () => {
    const preparing = client.prepareRoom('room');
    client.dropPreparedRoom('room');
    client.dropPreparedRoom('other');
    expect(await preparing).toBe(false);
    expect(world.peers.every(({ closed }) => closed)).toBe(true);
  });

  it('makes way when there are more than two', async () => {
    for (const roomId of ['first', 'second', 'third']) {
      await client.prepareRoom(roomId);
    }
    expect(world.peers.map(({ closed }) => closed)).toEqual([true, false, false]);
  });

  it('repairs its path by preparing again', async () => {
    await client.prepareRoom('room');
    world.peer.become('failed');
    await settle();
    const offers = world.server.paramsOf('media.prepare').map(({ offer }) => offer);
    expect(offers).toEqual(['offer-peer1-1', 'offer-peer1-2']);
    await client.joinRoom('room');
    world.peer.become('connected');
    world.peer.become('failed');
    await settle();
    expect(methods().at(-1)).toBe('media.subscribe');
  });

  it('that the server refuses throws nothing, and joining says why', async () => {
    world.server.on('media.prepare', () => {
      throw new Refusal(100004, 'roomNotFound');
    });
    expect(await client.prepareRoom('room')).toBe(false);
    expect(world.peer.closed).toBe(true);
    world.server.on('room.join', () => {
      throw new Refusal(100004, 'roomNotFound');
    });
    await expect(client.joinRoom('room')).rejects.toMatchObject({ code: 100004 });
    expect(client.rooms).toEqual([]);
  });

  it('leaves nothing behind when joining is refused', async () => {
    await client.prepareRoom('room');
    world.server.on('room.join', () => {
      throw new Refusal(100008, 'roomFull', true);
    });
    await expect(client.joinRoom('room')).rejects.toMatchObject({ code: 100008 });
    expect(world.peer.closed).toBe(true);
    expect(client.rooms).toEqual([]);
  });

  it('whose refusal comes while it is being joined is joined all the same', async () => {
    world.server.on('media.prepare', () => {
      throw new Refusal(1006, 'limitReached', true);
    });
    const preparing = client.prepareRoom('room');
    const room = await client.joinRoom('room');
    expect(await preparing).toBe(false);
    expect(methods()).toEqual(['session.open', 'media.prepare', 'room.join', 'media.subscribe']);
    expect(room.subscription.status.get()).toBe('connecting');
  });

  it('is nothing while this client is in the room', async () => {
    await client.joinRoom('room');
    expect(await client.prepareRoom('room')).toBe(true);
    expect(world.server.paramsOf('media.prepare')).toEqual([]);
  });

  it('is let go when the room is started by this client instead', async () => {
    world.server.on('room.start', ({ roomId }) => ({ room: snapshot({ roomId, role: 'host' }), seq: 1 }));
    await client.prepareRoom('room');
    await client.startRoom({ roomId: 'room' });
    expect(world.peers[0]?.closed).toBe(true);
  });
});
