import { beforeEach, describe, expect, it } from 'vitest';
import { Scene, quiet, seat, snapshot, stageEntry, stubDevices } from '../../test/scene';
import {
  DeviceStatus,
  LiveSeatEvent,
  MoveSeatPolicy,
  Role,
  useDeviceState,
  useLiveSeatState,
  type LiveSeatEventPayloads,
} from '../index';

let scene: Scene;

beforeEach(async () => {
  stubDevices();
  scene = new Scene('host');
});

describe('useLiveSeatState', () => {
  it('shows every seat, who sits there and where they are drawn', async () => {
    const entry = { ...stageEntry(0, 'host'), region: { x: 0.5, y: 0.25, width: 0.5, height: 0.5, zOrder: 1 } };
    await scene.join({
      seats: [{ ...seat(0, 'host'), microphone: 'on', camera: 'locked' }, { ...seat(1), locked: true }],
      stage: [entry],
    });
    const { seatList, canvas } = useLiveSeatState();
    expect(seatList.value).toEqual([
      {
        index: 0,
        isLocked: false,
        userInfo: {
          userId: 'host',
          userName: 'Name of host',
          avatarUrl: '',
          liveId: 'room',
          role: Role.Owner,
          microphoneStatus: DeviceStatus.On,
          allowOpenMicrophone: true,
          cameraStatus: DeviceStatus.Off,
          allowOpenCamera: false,
          isReconnecting: false,
        },
        region: { x: 360, y: 320, w: 360, h: 640, zOrder: 1 },
      },
      { index: 1, isLocked: true },
    ]);
    expect(canvas.value).toMatchObject({ width: 720, height: 1280 });
  });

  it('takes, leaves, locks and unlocks seats by both spellings', async () => {
    await scene.join();
    const seats = useLiveSeatState();
    await seats.takeSeat({ seatIndex: 1 });
    await seats.leaveSeat();
    await seats.lockSeat({ seatIndex: 2 });
    await seats.unlockSeat({ seatIndex: 2 });
    await seats.unLockSeat({ seatIndex: 2 });
    expect(scene.server.paramsOf('seat.take')).toEqual([{ roomId: 'room', seatIndex: 1 }]);
    expect(scene.server.paramsOf('seat.leave')).toHaveLength(1);
    expect(scene.server.paramsOf('seat.lock')).toEqual([{ roomId: 'room', seatIndex: 2 }]);
    expect(scene.server.paramsOf('seat.unlock')).toHaveLength(2);
  });

  it('takes someone off stage and moves others and oneself', async () => {
    await scene.join();
    const { kickUserOutOfSeat, moveUserToSeat } = useLiveSeatState();
    await kickUserOutOfSeat({ userId: 'guest' });
    await moveUserToSeat({ userId: 'guest', targetIndex: 2, policy: MoveSeatPolicy.SwapPosition });
    await moveUserToSeat({ userId: 'host', targetIndex: 1 });
    expect(scene.server.paramsOf('seat.kick')).toEqual([{ roomId: 'room', userId: 'guest' }]);
    expect(scene.server.paramsOf('seat.move')).toEqual([
      { roomId: 'room', seatIndex: 2, userId: 'guest', policy: 'swap' },
      { roomId: 'room', seatIndex: 1, policy: 'abort' },
    ]);
  });

  it('closes a guest\'s devices for good or for once, and allows them again', async () => {
    await scene.join();
    const { closeRemoteMicrophone, closeRemoteCamera, openRemoteCamera } = useLiveSeatState();
    await closeRemoteMicrophone({ userId: 'guest' });
    await closeRemoteCamera({ userId: 'guest', lock: false });
    await openRemoteCamera({ userId: 'guest', policy: 1 });
    expect(scene.server.paramsOf('seat.setDevice')).toEqual([
      { roomId: 'room', userId: 'guest', microphone: 'locked' },
      { roomId: 'room', userId: 'guest', camera: 'off' },
      { roomId: 'room', userId: 'guest', camera: 'unlocked' },
    ]);
  });

  it('can do nothing outside a live', async () => {
    await scene.signIn();
    await expect(useLiveSeatState().lockSeat({ seatIndex: 1 })).rejects.toMatchObject({ code: -2101 });
    expect(useLiveSeatState().seatList.value).toEqual([]);
  });
});

describe('A guest whose devices a host orders about', () => {
  let heard: string[];
  const changed = (microphone: 'on' | 'off' | 'locked'): void => {
    const seats = [seat(0, 'host'), { ...seat(1, 'guest'), microphone, camera: 'on' as const }];
    scene.tell('seat.changed', { seats, joined: [], left: [] });
  };

  beforeEach(async () => {
    scene = new Scene('guest');
    await scene.join();
    heard = [];
    for (const name of Object.values(LiveSeatEvent)) {
      useLiveSeatState().subscribeEvent(name, (payload: LiveSeatEventPayloads[typeof name]) =>
        heard.push(`${name} ${JSON.stringify(payload) ?? ''}`.trim()),
      );
    }
    scene.seats('guest');
    await useDeviceState().openLocalMicrophone();
    scene.world.peer.become('connected');
    changed('on');
  });

  it('is told of a lock, and the device is closed', async () => {
    changed('locked');
    await quiet();
    expect(heard).toEqual(['onLocalMicrophoneClosedByAdmin']);
    expect(useDeviceState().microphoneStatus.value).toBe(DeviceStatus.Off);
  });

  it('is told when it is allowed again, and it stays off', async () => {
    changed('locked');
    changed('off');
    await quiet();
    expect(heard.at(-1)).toBe('onLocalMicrophoneOpenedByAdmin {"policy":1}');
    expect(useDeviceState().microphoneStatus.value).toBe(DeviceStatus.Off);
  });

  it('is told that it was switched off while it was being sent', async () => {
    changed('off');
    expect(heard).toEqual(['onLocalMicrophoneClosedByAdmin']);
  });

  it('finds a lock in the snapshot that follows a lost connection', async () => {
    const { world, server } = scene;
    const seats = [seat(0, 'host'), { ...seat(1, 'guest'), microphone: 'locked' as const }];
    server.notify('room.sync', { roomId: 'room', seq: 99, room: snapshot({ seats }) });
    await quiet();
    expect(heard).toEqual(['onLocalMicrophoneClosedByAdmin']);
    expect(useDeviceState().microphoneStatus.value).toBe(DeviceStatus.Off);
    expect(world.peers).toHaveLength(2);
  });

  it('takes no snapshot in which their devices are off for another\'s doing', () => {
    const seats = [seat(0, 'host'), seat(1, 'guest')];
    scene.server.notify('room.sync', { roomId: 'room', seq: 99, room: snapshot({ seats }) });
    expect(heard).toEqual([]);
  });

  it('is told nothing of what they switch themselves', async () => {
    await useDeviceState().muteLocalAudio();
    changed('off');
    expect(heard).toEqual([]);
  });
});
