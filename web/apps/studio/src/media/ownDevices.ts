import { DeviceError, DeviceStatus, type UseDeviceStateReturn } from '@dais/vue';
import { computed, ref, type ComputedRef } from 'vue';
import type { DeviceProblem } from './deviceProblem';

/** The person's own camera and microphone, as one thing with two switches. */
export interface OwnDevices {
  readonly stream: ComputedRef<MediaStream | null>;
  readonly cameraOn: ComputedRef<boolean>;
  readonly microphoneOn: ComputedRef<boolean>;
  /** One of the two is open. */
  readonly isOpen: ComputedRef<boolean>;
  /** Why neither can be used. */
  readonly problem: ComputedRef<DeviceProblem | null>;
  /** Opens what the person has not switched off; false when nothing can be had. */
  readonly open: () => Promise<boolean>;
  /** Closes both and forgets the switches. */
  readonly close: () => void;
  readonly setCameraOn: (on: boolean) => Promise<void>;
  readonly setMicrophoneOn: (on: boolean) => Promise<void>;
}

const problems: Readonly<Record<DeviceError, DeviceProblem | null>> = {
  [DeviceError.NoError]: null,
  [DeviceError.NoDeviceDetected]: 'missing',
  [DeviceError.NoSystemPermission]: 'denied',
  [DeviceError.NotSupportCapture]: 'insecure',
  [DeviceError.OccupiedError]: 'busy',
  [DeviceError.UnknownError]: 'unknown',
};

/** Makes one thing of the two devices. */
export function createOwnDevices(state: UseDeviceStateReturn): OwnDevices {
  const cameraOn = computed(() => state.cameraStatus.value === DeviceStatus.On);
  const microphoneOpen = computed(() => state.microphoneStatus.value === DeviceStatus.On);
  const isOpen = computed(() => cameraOn.value || microphoneOpen.value);
  /** What the person has switched off stays off from the preview to the stage. */
  const cameraWanted = ref(true);
  /** A problem that the person does not want to hear of any more. */
  const dismissed = ref(false);

  async function open(): Promise<boolean> {
    dismissed.value = false;
    const results = await Promise.allSettled([
      state.openLocalMicrophone(),
      ...(cameraWanted.value ? [state.openLocalCamera()] : []),
    ]);
    return results.some(({ status }) => status === 'fulfilled');
  }

  return {
    stream: computed(() => state.localStream.value),
    cameraOn,
    microphoneOn: computed(() => microphoneOpen.value && !state.isMicrophoneMuted.value),
    isOpen,
    problem: computed(() => {
      const either = problems[state.cameraLastError.value] ?? problems[state.microphoneLastError.value];
      return isOpen.value || state.isOpening.value || dismissed.value ? null : either;
    }),
    open,
    close: () => {
      cameraWanted.value = true;
      dismissed.value = true;
      void state.closeLocalCamera();
      void state.closeLocalMicrophone();
      void state.unmuteLocalAudio().catch(() => undefined);
    },
    setCameraOn: async (on) => {
      cameraWanted.value = on;
      await (on ? state.openLocalCamera() : state.closeLocalCamera());
    },
    setMicrophoneOn: async (on) => {
      if (on) {
        await state.openLocalMicrophone();
        await state.unmuteLocalAudio();
      } else {
        await state.muteLocalAudio();
      }
    },
  };
}
