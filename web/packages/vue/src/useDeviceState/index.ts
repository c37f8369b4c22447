import { LiveError, ownSeat, type Device } from '@dais/client';
import { computed, onScopeDispose, readonly, ref, shallowReadonly, shallowRef, watch } from 'vue';
import type { ComputedRef, Ref, ShallowRef } from 'vue';
import type { DeviceStatus } from '../people/people';
import { useSession } from '../session/liveSession';
import { shared } from '../session/shared';
import { useOwnDeviceOrders } from '../useLiveSeatState/ownDevices';
import { createCapture, mediaDevices } from './capture';
import type { DeviceError } from './deviceError';
import { LocalDevice, type DeviceInfo } from './localDevice';
import { usePublishing } from './publishing';

export { DeviceError } from './deviceError';
export type { DeviceInfo } from './localDevice';

/** What {@link useDeviceState} returns. */
export interface UseDeviceStateReturn {
  readonly microphoneStatus: Readonly<Ref<DeviceStatus>>;
  readonly microphoneLastError: Readonly<Ref<DeviceError>>;
  readonly microphoneList: Readonly<ShallowRef<readonly DeviceInfo[]>>;
  readonly currentMicrophone: ComputedRef<DeviceInfo | null>;
  /** The microphone is open, but not sent. */
  readonly isMicrophoneMuted: Readonly<Ref<boolean>>;
  /** Opens the microphone, and sends it when this user is on stage. Throws when it cannot be opened or is locked. */
  readonly openLocalMicrophone: () => Promise<void>;
  readonly closeLocalMicrophone: () => Promise<void>;
  readonly muteLocalAudio: () => Promise<void>;
  readonly unmuteLocalAudio: () => Promise<void>;
  readonly getMicrophoneList: () => Promise<readonly DeviceInfo[]>;
  readonly setCurrentMicrophone: (device: { deviceId: string }) => Promise<void>;

  readonly cameraStatus: Readonly<Ref<DeviceStatus>>;
  readonly cameraLastError: Readonly<Ref<DeviceError>>;
  readonly cameraList: Readonly<ShallowRef<readonly DeviceInfo[]>>;
  readonly currentCamera: ComputedRef<DeviceInfo | null>;
  readonly isFrontCamera: Readonly<Ref<boolean>>;
  /** Opens the camera, and sends it when this user is on stage. Throws when it cannot be opened or is locked. */
  readonly openLocalCamera: () => Promise<void>;
  readonly closeLocalCamera: () => Promise<void>;
  readonly getCameraList: () => Promise<readonly DeviceInfo[]>;
  readonly setCurrentCamera: (device: { deviceId: string }) => Promise<void>;
  readonly switchCamera: (which: { isFrontCamera: boolean }) => Promise<void>;

  /** A device is being opened. */
  readonly isOpening: ComputedRef<boolean>;
  /** What is open, to look at; a new object whenever a track is exchanged. */
  readonly localStream: Readonly<ShallowRef<MediaStream | null>>;
  /** Why camera and microphone could not be sent; null while all is well. */
  readonly publishError: Readonly<ShallowRef<LiveError | null>>;
}

const lockedErrors: readonly string[] = ['microphoneLocked', 'cameraLocked'];

/** The own microphone and camera, sent while this user is on stage: one for the whole app. */
export const useDeviceState: () => UseDeviceStateReturn = shared(() => {
  const session = useSession();
  const capture = createCapture();
  const microphone = new LocalDevice('microphone', capture);
  const camera = new LocalDevice('camera', capture);
  const own: Readonly<Record<Device, LocalDevice>> = { microphone, camera };
  const isMicrophoneMuted = ref(false);
  const isFrontCamera = ref(true);
  const localStream = shallowRef<MediaStream | null>(null);

  watch(
    [microphone.track, camera.track],
    (tracks) => {
      const open = tracks.filter((track) => track !== null);
      localStream.value = open.length === 0 ? null : new MediaStream(open);
    },
    { flush: 'sync' },
  );
  // Nothing of a muted microphone is sent, not even until the server knows that it is muted.
  watch(
    [microphone.track, isMicrophoneMuted],
    ([track, muted]) => {
      if (track !== null) {
        track.enabled = !muted;
      }
    },
    { flush: 'sync' },
  );
  const publishing = usePublishing(session, {
    stream: localStream,
    tracks: { microphone: microphone.track, camera: camera.track },
    microphoneMuted: isMicrophoneMuted,
  });

  /** Only a lock keeps a device from being open; any other failure to send shows in `publishError`. */
  async function send(device: LocalDevice): Promise<void> {
    try {
      await publishing.sync();
    } catch (thrown) {
      if (LiveError.from(thrown).name === lockedErrors[device === microphone ? 0 : 1]) {
        device.close();
        throw thrown;
      }
    }
  }

  async function open(device: LocalDevice): Promise<void> {
    await device.open();
    await send(device);
  }

  async function close(device: LocalDevice): Promise<void> {
    device.close();
    await publishing.sync().catch(() => undefined);
  }

  async function mute(muted: boolean): Promise<void> {
    isMicrophoneMuted.value = muted;
    try {
      await publishing.sync();
    } catch (thrown) {
      if (!muted && LiveError.from(thrown).name === 'microphoneLocked') {
        isMicrophoneMuted.value = true;
        throw thrown;
      }
    }
  }

  // A host or admin switched it off: it is not only unsent, it is off.
  useOwnDeviceOrders().subscribeEvent('closed', (device) => void close(own[device]));

  // Whoever has left the stage, or whose live is over, has no reason for an open camera.
  const isSeated = computed(() => session.state.value !== null && ownSeat(session.state.value) !== null);
  watch(isSeated, (seated) => {
    if (!seated) {
      microphone.close();
      camera.close();
    }
  });

  const refreshLists = (): void => {
    void Promise.all([microphone.fetchList(), camera.fetchList()]).catch(() => undefined);
  };
  const devices = mediaDevices();
  devices?.addEventListener?.('devicechange', refreshLists);
  onScopeDispose(() => {
    devices?.removeEventListener?.('devicechange', refreshLists);
    microphone.close();
    camera.close();
  });

  return {
    microphoneStatus: readonly(microphone.status),
    microphoneLastError: readonly(microphone.lastError),
    microphoneList: shallowReadonly(microphone.list),
    currentMicrophone: currentOf(microphone),
    isMicrophoneMuted: readonly(isMicrophoneMuted),
    openLocalMicrophone: () => open(microphone),
    closeLocalMicrophone: () => close(microphone),
    muteLocalAudio: () => mute(true),
    unmuteLocalAudio: () => mute(false),
    getMicrophoneList: () => listOf(microphone),
    setCurrentMicrophone: async ({ deviceId }) => {
      await microphone.choose(deviceId);
      await send(microphone);
    },

    cameraStatus: readonly(camera.status),
    cameraLastError: readonly(camera.lastError),
    cameraList: shallowReadonly(camera.list),
    currentCamera: currentOf(camera),
    isFrontCamera: readonly(isFrontCamera),
    openLocalCamera: () => open(camera),
    closeLocalCamera: () => close(camera),
    getCameraList: () => listOf(camera),
    setCurrentCamera: async ({ deviceId }) => {
      await camera.choose(deviceId);
      await send(camera);
    },
    switchCamera: async (which) => {
      isFrontCamera.value = which.isFrontCamera;
      await camera.face(which.isFrontCamera ? 'user' : 'environment');
      await send(camera);
    },

    isOpening: computed(() => microphone.isOpening.value || camera.isOpening.value),
    localStream: shallowReadonly(localStream),
    publishError: publishing.error,
  };
});

function currentOf({ list, currentId }: LocalDevice): ComputedRef<DeviceInfo | null> {
  return computed(() => list.value.find(({ deviceId }) => deviceId === currentId.value) ?? null);
}

async function listOf(device: LocalDevice): Promise<readonly DeviceInfo[]> {
  await device.fetchList();
  return device.list.value;
}
