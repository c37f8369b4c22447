import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Refusal, Scene, quiet, seat, stubDevices, user, type DeviceTrack } from '../../test/scene';
import { DeviceError, DeviceStatus, useDeviceState, useLiveListState } from '../index';

let scene: Scene;

beforeEach(() => {
  stubDevices();
  scene = new Scene('guest');
});
afterEach(() => vi.unstubAllGlobals());

const tracks = (): DeviceTrack[] => (useDeviceState().localStream.value?.getTracks() ?? []) as unknown as DeviceTrack[];
const senders = () => scene.world.peer.transceivers.map(({ kind, sender }) => [kind, sender.track?.id ?? null]);

describe('Opening devices', () => {
  it('asks for camera and microphone in one question when both are wanted at once', async () => {
    const { getUserMedia } = stubDevices();
    const { openLocalCamera, openLocalMicrophone, cameraStatus, microphoneStatus } = useDeviceState();
    await Promise.all([openLocalMicrophone(), openLocalCamera(), openLocalCamera()]);
    expect(getUserMedia).toHaveBeenCalledTimes(1);
    expect([cameraStatus.value, microphoneStatus.value]).toEqual([DeviceStatus.On, DeviceStatus.On]);
    expect(tracks().map(({ kind }) => kind)).toEqual(['audio', 'video']);
  });

  it('lets someone without a camera speak', async () => {
    stubDevices(({ video }) => (video ? 'NotFoundError' : null));
    const devices = useDeviceState();
    const [sound, picture] = await Promise.allSettled([devices.openLocalMicrophone(), devices.openLocalCamera()]);
    expect([sound.status, picture.status]).toEqual(['fulfilled', 'rejected']);
    expect(devices.cameraLastError.value).toBe(DeviceError.NoDeviceDetected);
    expect(devices.microphoneLastError.value).toBe(DeviceError.NoError);
  });

  it.each([
    ['NotFoundError', DeviceError.NoDeviceDetected, 1906],
    ['NotAllowedError', DeviceError.NoSystemPermission, 1907],
    ['NotReadableError', DeviceError.OccupiedError, 1906],
    ['SomethingElse', DeviceError.UnknownError, 1906],
  ])('says what is wrong when the browser throws %s, and can be tried again', async (name, error, code) => {
    stubDevices(() => name);
    const { openLocalCamera, cameraLastError, cameraStatus } = useDeviceState();
    await expect(openLocalCamera()).rejects.toMatchObject({ code });
    expect([cameraLastError.value, cameraStatus.value]).toEqual([error, DeviceStatus.Off]);
    stubDevices();
    await openLocalCamera();
    expect([cameraLastError.value, cameraStatus.value]).toEqual([DeviceError.NoError, DeviceStatus.On]);
  });

  it('says that a page is not secure', async () => {
    vi.stubGlobal('navigator', {});
    const { openLocalCamera, cameraLastError } = useDeviceState();
    await expect(openLocalCamera()).rejects.toMatchObject({ code: 1906 });
    expect(cameraLastError.value).toBe(DeviceError.NotSupportCapture);
  });

  it('stops a camera that comes after it was closed', async () => {
    const { openLocalCamera, closeLocalCamera, cameraStatus } = useDeviceState();
    const opening = openLocalCamera();
    void closeLocalCamera();
    await opening;
    expect(cameraStatus.value).toBe(DeviceStatus.Off);
    expect(useDeviceState().localStream.value).toBeNull();
  });

  it('lists devices and exchanges the camera', async () => {
    const { openLocalCamera, setCurrentCamera, cameraList, currentCamera } = useDeviceState();
    await openLocalCamera();
    expect(cameraList.value.map(({ deviceName }) => deviceName)).toEqual(['Front camera', 'Back camera']);
    const [before] = tracks();
    await setCurrentCamera({ deviceId: 'cam-2' });
    expect(currentCamera.value?.deviceName).toBe('Back camera');
    expect(before?.stopped).toBe(true);
    expect(tracks().map(({ id }) => id)).toEqual(['cam-2']);
  });

  it('notices that a device was unplugged', async () => {
    const { openLocalCamera, cameraStatus, cameraLastError } = useDeviceState();
    await openLocalCamera();
    tracks()[0]?.onended?.();
    expect([cameraStatus.value, cameraLastError.value]).toEqual([DeviceStatus.Off, DeviceError.NoDeviceDetected]);
  });
});

describe('On stage', () => {
  beforeEach(async () => {
    await scene.join();
  });

  it('sends nothing of someone who only watches', async () => {
    await useDeviceState().openLocalCamera();
    await quiet();
    expect(scene.server.paramsOf('media.publish')).toEqual([]);
  });

  it('sends what is opened by someone on stage', async () => {
    scene.seats('guest');
    await useDeviceState().openLocalMicrophone();
    expect(scene.server.paramsOf('media.publish')).toHaveLength(1);
    expect(scene.server.paramsOf('media.setMuted')).toEqual([{ roomId: 'room', camera: true }]);
    expect(senders()).toEqual([['audio', 'mic'], ['video', null]]);
  });

  it('adds the camera later without negotiating again', async () => {
    scene.seats('guest');
    await useDeviceState().openLocalMicrophone();
    await useDeviceState().openLocalCamera();
    await quiet();
    expect(scene.server.paramsOf('media.publish')).toHaveLength(1);
    expect(scene.server.paramsOf('media.setMuted').at(-1)).toEqual({ roomId: 'room', camera: false });
    expect(senders()).toEqual([['audio', 'mic'], ['video', 'cam']]);
  });

  it('begins while an application is open, and stops when it was rejected', async () => {
    await useDeviceState().openLocalCamera();
    scene.tell('seat.applied', { request: scene.request('guest', null) });
    await quiet();
    expect(scene.server.paramsOf('media.publish')).toHaveLength(1);
    scene.tell('seat.applicationEnded', scene.ended('guest', 'rejected', user('host')));
    await quiet();
    expect(scene.server.paramsOf('media.unpublish')).toHaveLength(1);
  });

  it('closes camera and microphone of whoever has left the stage', async () => {
    scene.seats('guest');
    await useDeviceState().openLocalCamera();
    const [camera] = tracks();
    const left = [{ user: user('guest'), seatIndex: 1, reason: 'kicked' as const, by: user('host') }];
    scene.tell('seat.changed', { seats: [seat(0, 'host'), seat(1), seat(2)], joined: [], left });
    await quiet();
    expect(camera?.stopped).toBe(true);
    expect(useDeviceState().cameraStatus.value).toBe(DeviceStatus.Off);
  });

  it('closes them when the live is left', async () => {
    scene.seats('guest');
    await useDeviceState().openLocalMicrophone();
    await useLiveListState().leaveLive();
    await quiet();
    expect(useDeviceState().microphoneStatus.value).toBe(DeviceStatus.Off);
  });

  it('mutes without closing, and sends nothing of a microphone that was muted before', async () => {
    const { openLocalMicrophone, muteLocalAudio, unmuteLocalAudio, microphoneStatus } = useDeviceState();
    await muteLocalAudio();
    await openLocalMicrophone();
    expect(tracks()[0]?.enabled).toBe(false);
    scene.seats('guest');
    await quiet();
    expect(senders()).toEqual([['audio', null], ['video', null]]);
    await unmuteLocalAudio();
    expect(senders()).toEqual([['audio', 'mic'], ['video', null]]);
    expect(tracks()[0]?.enabled).toBe(true);
    expect(microphoneStatus.value).toBe(DeviceStatus.On);
  });

  it('keeps a locked camera closed, and says so', async () => {
    scene.seats('guest');
    await useDeviceState().openLocalMicrophone();
    scene.server.on('media.setMuted', ({ camera }) => {
      if (camera === false) {
        throw new Refusal(-2370, 'cameraLocked');
      }
      return {};
    });
    await expect(useDeviceState().openLocalCamera()).rejects.toMatchObject({ code: -2370 });
    expect(useDeviceState().cameraStatus.value).toBe(DeviceStatus.Off);
    expect(useDeviceState().microphoneStatus.value).toBe(DeviceStatus.On);
  });

  it('shows why nothing could be sent, and keeps the device open', async () => {
    scene.server.on('media.publish', () => {
      throw new Refusal(1006, 'limitReached');
    });
    scene.seats('guest');
    await useDeviceState().openLocalCamera();
    expect(useDeviceState().publishError.value).toMatchObject({ code: 1006 });
    expect(useDeviceState().cameraStatus.value).toBe(DeviceStatus.On);
  });
});
