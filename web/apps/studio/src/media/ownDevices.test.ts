import { DeviceError, DeviceStatus, type UseDeviceStateReturn } from '@dais/vue';
import { describe, expect, it, vi } from 'vitest';
import { ref, type Ref } from 'vue';
import { createOwnDevices } from './ownDevices';

/** Devices that open unless `refuses` names what they are refused with. */
function setUp(refuses: { camera?: DeviceError; microphone?: DeviceError } = {}) {
  const status = { camera: ref<DeviceStatus>(DeviceStatus.Off), microphone: ref<DeviceStatus>(DeviceStatus.Off) };
  const error = { camera: ref<DeviceError>(DeviceError.NoError), microphone: ref<DeviceError>(DeviceError.NoError) };
  const muted = ref(false);
  const open = (device: 'camera' | 'microphone') =>
    vi.fn(async () => {
      const refusal = refuses[device];
      error[device].value = refusal ?? DeviceError.NoError;
      if (refusal !== undefined) {
        throw new Error('refused');
      }
      status[device].value = DeviceStatus.On;
    });
  const close = (which: Ref<DeviceStatus>) => vi.fn(async () => void (which.value = DeviceStatus.Off));
  const state = {
    localStream: ref(null),
    isOpening: ref(false),
    cameraStatus: status.camera,
    cameraLastError: error.camera,
    openLocalCamera: open('camera'),
    closeLocalCamera: close(status.camera),
    microphoneStatus: status.microphone,
    microphoneLastError: error.microphone,
    openLocalMicrophone: open('microphone'),
    closeLocalMicrophone: close(status.microphone),
    isMicrophoneMuted: muted,
    muteLocalAudio: async () => void (muted.value = true),
    unmuteLocalAudio: async () => void (muted.value = false),
  };
  return { devices: createOwnDevices(state as unknown as UseDeviceStateReturn), state };
}

describe('own devices', () => {
  it('open both', async () => {
    const { devices } = setUp();
    expect(await devices.open()).toBe(true);
    expect([devices.cameraOn.value, devices.microphoneOn.value, devices.problem.value]).toEqual([true, true, null]);
  });

  it('are no problem as long as one of them works', async () => {
    const { devices } = setUp({ camera: DeviceError.NoDeviceDetected });
    expect(await devices.open()).toBe(true);
    expect(devices.problem.value).toBeNull();
  });

  it('say why neither can be used, until that is no longer wanted', async () => {
    const denied = DeviceError.NoSystemPermission;
    const { devices } = setUp({ camera: denied, microphone: denied });
    expect(await devices.open()).toBe(false);
    expect(devices.problem.value).toBe('denied');
    devices.close();
    expect(devices.problem.value).toBeNull();
  });

  it('keep what was switched off in the preview', async () => {
    const { devices, state } = setUp();
    await devices.open();
    await devices.setCameraOn(false);
    await devices.setMicrophoneOn(false);
    await devices.open();
    expect(state.openLocalCamera).toHaveBeenCalledOnce();
    expect([devices.cameraOn.value, devices.microphoneOn.value]).toEqual([false, false]);
  });

  it('forget the switches when closed', async () => {
    const { devices } = setUp();
    await devices.setCameraOn(false);
    devices.close();
    await devices.open();
    expect(devices.cameraOn.value).toBe(true);
  });
});
