import { beforeEach, describe, expect, it, vi } from 'vitest';
import { activeFor, encodingsOf } from '../../src/media/encodings.js';
import { Publication } from '../../src/media/publication.js';
import { FakeStream, FakeTrack } from '../fakes/fakeMedia.js';
import { settle } from '../fakes/fakeTimers.js';
import { FakeWorld } from '../fakes/fakeWorld.js';

let world: FakeWorld;

beforeEach(() => {
  world = new FakeWorld();
});

function camera(width?: number, height?: number): FakeTrack {
  const track = new FakeTrack('video', 'cam');
  track.size = { ...(width === undefined ? {} : { width }), ...(height === undefined ? {} : { height }) };
  return track;
}

async function publish(...tracks: FakeTrack[]): Promise<Publication> {
  const publication = new Publication(world.environment, new FakeStream(...tracks) as unknown as MediaStream, {
    iceServers: () => [],
    negotiate: (offer) => Promise.resolve(`answer to ${offer}`),
    announceMuted: vi.fn().mockResolvedValue(undefined),
  });
  await publication.start();
  return publication;
}

const rids = (track: FakeTrack | null): (string | undefined)[] =>
  encodingsOf(track as unknown as MediaStreamTrack | null).map(({ rid }) => rid);
const video = () => world.peer.transceivers[1];
const active = (): (boolean | undefined)[] | undefined => video()?.encodings.map((encoding) => encoding.active);

describe('The encodings of a camera', () => {
  it('are as many as the size of its picture is worth', () => {
    expect(rids(camera(1280, 720))).toEqual(['q', 'h', 'f']);
    expect(rids(camera(720, 1280))).toEqual(['q', 'h', 'f']);
    expect(rids(camera(640, 360))).toEqual(['h', 'f']);
    expect(rids(camera(320, 180))).toEqual([]);
  });

  it('are all there for a camera that is yet to come', () => {
    expect(rids(null)).toEqual(['q', 'h', 'f']);
    expect(rids(camera())).toEqual(['q', 'h', 'f']);
  });

  it('are offered, and sound comes in one', async () => {
    await publish(new FakeTrack('audio', 'mic'), camera(1280, 720));
    expect(world.peer.transceivers[0]?.encodings).toEqual([]);
    expect(video()?.encodings.map(({ rid, scaleResolutionDownBy }) => [rid, scaleResolutionDownBy])).toEqual([
      ['q', 4],
      ['h', 2],
      ['f', undefined],
    ]);
  });

  it('are sent as far as they are watched, and the lowest always', () => {
    const encodings = [{ rid: 'q' }, { rid: 'h' }, { rid: 'f' }];
    expect(activeFor(encodings, null)).toEqual([true, true, true]);
    expect(activeFor(encodings, ['q', 'h'])).toEqual([true, true, false]);
    expect(activeFor(encodings, [])).toEqual([true, false, false]);
  });

  it('are switched off and on as the server says', async () => {
    const publication = await publish(camera(1280, 720));
    publication.setWantedLayers(['q']);
    publication.setWantedLayers(['q', 'h']);
    await settle();
    expect(active()).toEqual([true, true, false]);
    publication.setWantedLayers(['q', 'h', 'f']);
    await settle();
    expect(active()).toEqual([true, true, true]);
  });

  it('are all sent again when something the server said may have been lost', async () => {
    const publication = await publish(camera(1280, 720));
    publication.setWantedLayers([]);
    await settle();
    expect(active()).toEqual([true, false, false]);
    publication.recover('signalingBack');
    await settle();
    expect(active()).toEqual([true, true, true]);
  });

  it('stay one where the picture is small', async () => {
    const publication = await publish(camera(320, 180));
    publication.setWantedLayers([]);
    await settle();
    expect(video()?.encodings).toEqual([]);
  });
});
