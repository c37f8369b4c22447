import { beforeEach, describe, expect, it } from 'vitest';
import { DaisClient } from '../src/daisClient.js';
import type { Room } from '../src/room.js';
import { FakeStream, FakeTrack } from './fakes/fakeMedia.js';
import { settle } from './fakes/fakeTimers.js';
import { FakeWorld } from './fakes/fakeWorld.js';
import { snapshot } from './fakes/rooms.js';

let world: FakeWorld;
let room: Room;

beforeEach(async () => {
  world = new FakeWorld();
  const client = new DaisClient({ environment: world.environment });
  world.server.on('room.start', () => ({ room: snapshot({ role: 'host' }), seq: 10 }));
  world.server.on('media.subscribe', ({ offer }) => ({ answer: `answer to ${offer}` }));
  world.server.on('media.publish', ({ offer }) => ({ answer: `answer to ${offer}` }));
  world.server.on('media.prefer', () => ({}));
  const session = client.login({ userId: 'host' });
  await settle();
  world.server.socket.open();
  await session;
  room = await client.startRoom({ roomId: 'room' });
});

const told = (): unknown[] => world.server.paramsOf('media.prefer');

describe('A room', () => {
  it('says how slots are seen, once it receives them', async () => {
    await room.prefer([{ slot: 0, maxHeight: 180, paused: false }]);
    await room.prefer([{ slot: 1, maxHeight: 0, paused: true }]);
    expect(told()).toEqual([]);
    world.peer.become('connected');
    await settle();
    expect(told()).toEqual([
      {
        roomId: 'room',
        slots: [
          { slot: 0, maxHeight: 180, paused: false },
          { slot: 1, maxHeight: 0, paused: true },
        ],
      },
    ]);
    await room.prefer([{ slot: 0, maxHeight: 720 }]);
    expect(told().at(-1)).toEqual({ roomId: 'room', slots: [{ slot: 0, maxHeight: 720 }] });
  });

  it('says it again when what it receives with is new', async () => {
    world.peer.become('connected');
    await room.prefer([{ slot: 0, maxHeight: 180 }]);
    await room.prefer([{ slot: 0, maxHeight: 360 }]);
    world.peer.become('failed');
    await settle();
    world.peer.become('connected');
    await settle();
    expect(told().at(-1)).toEqual({ roomId: 'room', slots: [{ slot: 0, maxHeight: 360 }] });
    expect(told()).toHaveLength(3);
  });

  it('sends only those encodings of the camera that are watched', async () => {
    await room.publish(new FakeStream(new FakeTrack('video', 'cam')) as unknown as MediaStream);
    world.server.notify('media.layersWanted', { roomId: 'room', rids: ['q', 'h'] });
    world.server.notify('media.layersWanted', { roomId: 'another', rids: [] });
    await settle();
    const video = world.peer.transceivers.find(({ kind, direction }) => kind === 'video' && direction === 'sendonly');
    expect(video?.encodings.map(({ rid, active }) => [rid, active])).toEqual([
      ['q', true],
      ['h', true],
      ['f', false],
    ]);
  });
});
