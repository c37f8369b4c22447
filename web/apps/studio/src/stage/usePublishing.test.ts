import type { Room } from '@dais/client';
import { flushPromises } from '@vue/test-utils';
import { describe, expect, it, vi } from 'vitest';
import { effectScope, ref, shallowRef } from 'vue';
import type { LocalMedia } from '../media/localMedia';
import { usePublishing } from './usePublishing';

const track = (kind: string) => ({ kind });
const streamOf = (...kinds: string[]): MediaStream => {
  const tracks = kinds.map(track);
  return {
    getAudioTracks: () => tracks.filter(({ kind }) => kind === 'audio'),
    getVideoTracks: () => tracks.filter(({ kind }) => kind === 'video'),
  } as unknown as MediaStream;
};

function setUp() {
  const muted = { microphone: false, camera: false };
  const publication = {
    muted: { get: () => muted },
    replaceTrack: vi.fn(async () => {}),
    setMuted: vi.fn(async (device: 'microphone' | 'camera', off: boolean) => {
      muted[device] = off;
    }),
  };
  const room = {
    publication: null as typeof publication | null,
    state: { get: () => ({ closed: null }) },
    publish: vi.fn(async () => {
      room.publication = publication;
    }),
    unpublish: vi.fn(async () => {
      room.publication = null;
    }),
  };
  const media = {
    stream: shallowRef<MediaStream | null>(streamOf('audio', 'video')),
    cameraOn: ref(true),
    microphoneOn: ref(true),
  };
  const wanted = ref(false);
  const onError = vi.fn();
  effectScope().run(() =>
    usePublishing(shallowRef(room as unknown as Room), wanted, media as unknown as LocalMedia, onError),
  );
  return { room, publication, media, wanted, onError };
}

describe('publishing', () => {
  it('starts when wanted and stops when not', async () => {
    const { room, wanted } = setUp();
    await flushPromises();
    expect(room.publish).not.toHaveBeenCalled();
    wanted.value = true;
    await flushPromises();
    expect(room.publish).toHaveBeenCalledTimes(1);
    wanted.value = false;
    await flushPromises();
    expect(room.publication).toBeNull();
  });

  it('carries switches that were set before', async () => {
    const { publication, media, wanted } = setUp();
    media.cameraOn.value = false;
    wanted.value = true;
    await flushPromises();
    expect(publication.setMuted.mock.calls).toEqual([['camera', true]]);
  });

  it('follows a switch', async () => {
    const { publication, media, wanted } = setUp();
    wanted.value = true;
    await flushPromises();
    media.microphoneOn.value = false;
    await flushPromises();
    expect(publication.setMuted.mock.calls).toEqual([['microphone', true]]);
  });

  it('sends another camera without publishing again', async () => {
    const { room, publication, media, wanted } = setUp();
    wanted.value = true;
    await flushPromises();
    const other = streamOf('audio', 'video');
    media.stream.value = other;
    await flushPromises();
    expect(room.publish).toHaveBeenCalledTimes(1);
    expect(publication.replaceTrack).toHaveBeenCalledWith('camera', other.getVideoTracks()[0]);
  });

  it('tells what failed and goes on', async () => {
    const { room, wanted, onError } = setUp();
    room.publish.mockRejectedValueOnce(new Error('no'));
    wanted.value = true;
    await flushPromises();
    expect(onError).toHaveBeenCalledTimes(1);
    wanted.value = false;
    await flushPromises();
    expect(room.unpublish).toHaveBeenCalled();
  });
});
