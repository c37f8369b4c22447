import { describe, expect, it, vi } from 'vitest';
import { createLocalMedia, type Devices } from './localMedia';

class FakeTrack {
  enabled = true;
  stopped = false;
  constructor(
    readonly kind: 'audio' | 'video',
    readonly deviceId: string,
  ) {}
  getSettings = () => ({ deviceId: this.deviceId });
  stop = () => {
    this.stopped = true;
  };
}

class FakeStream {
  constructor(readonly tracks: FakeTrack[]) {}
  getTracks = () => this.tracks;
  getAudioTracks = () => this.tracks.filter((track) => track.kind === 'audio');
  getVideoTracks = () => this.tracks.filter((track) => track.kind === 'video');
}
vi.stubGlobal('MediaStream', FakeStream);

const camera = { kind: 'videoinput', deviceId: 'cam-1', label: 'Front camera' };
const microphone = { kind: 'audioinput', deviceId: 'mic-1', label: '' };

/** Devices that give what is asked for, or refuse what `refuse` names. */
function fakeDevices(refuse: (constraints: MediaStreamConstraints) => string | null = () => null) {
  const getUserMedia = vi.fn(async (constraints: MediaStreamConstraints) => {
    const refused = refuse(constraints);
    if (refused !== null) {
      throw new DOMException('', refused);
    }
    const idOf = (wanted: unknown, fallback: string): string =>
      (wanted as { deviceId?: { exact: string } }).deviceId?.exact ?? fallback;
    return new FakeStream([
      ...(constraints.audio ? [new FakeTrack('audio', idOf(constraints.audio, 'mic-1'))] : []),
      ...(constraints.video ? [new FakeTrack('video', idOf(constraints.video, 'cam-1'))] : []),
    ]);
  });
  return {
    getUserMedia,
    enumerateDevices: async () => [camera, microphone],
    addEventListener: () => {},
    removeEventListener: () => {},
  } as unknown as Devices & { getUserMedia: typeof getUserMedia };
}

const tracksOf = (media: { stream: { value: unknown } }): FakeTrack[] => (media.stream.value as FakeStream).tracks;

describe('local media', () => {
  it('opens camera and microphone and lists what there is', async () => {
    const media = createLocalMedia(fakeDevices());
    expect(await media.open()).toBe(true);
    expect(media.status.value).toBe('open');
    expect(media.cameraId.value).toBe('cam-1');
    expect(media.cameras.value).toEqual([{ id: 'cam-1', label: 'Front camera' }]);
    expect(media.microphones.value).toEqual([{ id: 'mic-1', label: 'Microphone 1' }]);
  });

  it('asks once, however often it is opened', async () => {
    const devices = fakeDevices();
    const media = createLocalMedia(devices);
    await Promise.all([media.open(), media.open()]);
    await media.open();
    expect(devices.getUserMedia).toHaveBeenCalledTimes(1);
  });

  it('says that the page is insecure where there are no devices at all', async () => {
    const media = createLocalMedia(undefined);
    expect(await media.open()).toBe(false);
    expect(media.problem.value).toBe('insecure');
  });

  it('says when permission is denied, and can be tried again', async () => {
    let denied = true;
    const media = createLocalMedia(fakeDevices(() => (denied ? 'NotAllowedError' : null)));
    expect(await media.open()).toBe(false);
    expect(media.problem.value).toBe('denied');
    denied = false;
    expect(await media.open()).toBe(true);
    expect(media.problem.value).toBeNull();
  });

  it('lets someone without a camera speak', async () => {
    const media = createLocalMedia(fakeDevices(({ video }) => (video ? 'NotFoundError' : null)));
    expect(await media.open()).toBe(true);
    expect(tracksOf(media).map((track) => track.kind)).toEqual(['audio']);
  });

  it('exchanges the camera, keeps the microphone and its switches', async () => {
    const media = createLocalMedia(fakeDevices());
    await media.open();
    media.setCameraOn(false);
    const [audio, video] = tracksOf(media);
    await media.selectCamera('cam-2');
    const [keptAudio, newVideo] = tracksOf(media);
    expect(keptAudio).toBe(audio);
    expect(newVideo?.deviceId).toBe('cam-2');
    expect(newVideo?.enabled).toBe(false);
    expect(video?.stopped).toBe(true);
  });

  it('stops a camera that comes after the person has left', async () => {
    const media = createLocalMedia(fakeDevices());
    const opening = media.open();
    media.close();
    expect(await opening).toBe(false);
    expect(media.stream.value).toBeNull();
    expect(media.status.value).toBe('closed');
  });
});
