import { readonly, ref, shallowReadonly, shallowRef, type Ref, type ShallowRef } from 'vue';
import { deviceProblemOf, type DeviceProblem } from './deviceProblem';

/** A camera or microphone as a picker shows it. */
export interface DeviceChoice {
  readonly id: string;
  readonly label: string;
}

/** What this needs of `navigator.mediaDevices`. */
export type Devices = Pick<
  MediaDevices,
  'getUserMedia' | 'enumerateDevices' | 'addEventListener' | 'removeEventListener'
>;

/** The person's own camera and microphone. */
export interface LocalMedia {
  readonly status: Readonly<Ref<'closed' | 'opening' | 'open' | 'failed'>>;
  readonly problem: Readonly<Ref<DeviceProblem | null>>;
  /** A new object whenever a track is exchanged, so that it can be watched. */
  readonly stream: Readonly<ShallowRef<MediaStream | null>>;
  readonly cameras: Readonly<ShallowRef<readonly DeviceChoice[]>>;
  readonly microphones: Readonly<ShallowRef<readonly DeviceChoice[]>>;
  readonly cameraId: Readonly<Ref<string>>;
  readonly microphoneId: Readonly<Ref<string>>;
  readonly cameraOn: Readonly<Ref<boolean>>;
  readonly microphoneOn: Readonly<Ref<boolean>>;
  /** Asks for camera and microphone where not open yet; false when neither can be had. */
  readonly open: () => Promise<boolean>;
  readonly selectCamera: (id: string) => Promise<void>;
  readonly selectMicrophone: (id: string) => Promise<void>;
  readonly setCameraOn: (on: boolean) => void;
  readonly setMicrophoneOn: (on: boolean) => void;
  readonly close: () => void;
}

const picture: MediaTrackConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30 },
};
const video: MediaTrackConstraints = { ...picture, facingMode: 'user' };
const audio: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/** Asks for both, then for what there is: someone without a camera may still speak. */
async function capture(devices: Devices): Promise<MediaStream> {
  try {
    return await devices.getUserMedia({ audio, video });
  } catch (error) {
    const problem = deviceProblemOf(error);
    if (problem !== 'missing' && problem !== 'busy') {
      throw error;
    }
    return devices
      .getUserMedia({ audio })
      .catch(() => devices.getUserMedia({ video }))
      .catch(() => Promise.reject(error));
  }
}

function choicesOf(all: readonly MediaDeviceInfo[], kind: MediaDeviceKind, word: string): DeviceChoice[] {
  return all
    .filter((device) => device.kind === kind && device.deviceId !== '')
    .map((device, index) => ({ id: device.deviceId, label: device.label || `${word} ${index + 1}` }));
}

/** Makes the owner of one person's camera and microphone; `devices` is absent on insecure pages. */
export function createLocalMedia(devices: Devices | undefined): LocalMedia {
  const status = ref<'closed' | 'opening' | 'open' | 'failed'>('closed');
  const problem = ref<DeviceProblem | null>(null);
  const stream = shallowRef<MediaStream | null>(null);
  const cameras = shallowRef<readonly DeviceChoice[]>([]);
  const microphones = shallowRef<readonly DeviceChoice[]>([]);
  const cameraId = ref('');
  const microphoneId = ref('');
  const cameraOn = ref(true);
  const microphoneOn = ref(true);
  let opening: Promise<boolean> | null = null;
  // Grows with every close, so that a stream that arrives after it is stopped instead of kept.
  let generation = 0;

  function adopt(next: MediaStream): void {
    for (const track of next.getVideoTracks()) {
      track.enabled = cameraOn.value;
      cameraId.value = track.getSettings().deviceId ?? '';
    }
    for (const track of next.getAudioTracks()) {
      track.enabled = microphoneOn.value;
      microphoneId.value = track.getSettings().deviceId ?? '';
    }
    stream.value = next;
  }

  async function listDevices(): Promise<void> {
    const all = (await devices?.enumerateDevices()) ?? [];
    cameras.value = choicesOf(all, 'videoinput', 'Camera');
    microphones.value = choicesOf(all, 'audioinput', 'Microphone');
  }

  async function start(): Promise<boolean> {
    const mine = generation;
    if (devices === undefined) {
      status.value = 'failed';
      problem.value = 'insecure';
      return false;
    }
    status.value = 'opening';
    problem.value = null;
    try {
      const captured = await capture(devices);
      if (mine !== generation) {
        captured.getTracks().forEach((track) => track.stop());
        return false;
      }
      adopt(captured);
      status.value = 'open';
      devices.addEventListener('devicechange', listDevices);
      await listDevices();
      return true;
    } catch (error) {
      if (mine === generation) {
        status.value = 'failed';
        problem.value = deviceProblemOf(error);
      }
      return false;
    }
  }

  function open(): Promise<boolean> {
    if (status.value === 'open') {
      return Promise.resolve(true);
    }
    opening ??= start().finally(() => {
      opening = null;
    });
    return opening;
  }

  async function exchange(kind: 'audio' | 'video', constraints: MediaStreamConstraints): Promise<void> {
    const mine = generation;
    const current = stream.value;
    if (devices === undefined || current === null) {
      return;
    }
    try {
      const captured = await devices.getUserMedia(constraints);
      if (mine !== generation) {
        captured.getTracks().forEach((track) => track.stop());
        return;
      }
      const replaced = current.getTracks().filter((track) => track.kind === kind);
      const kept = current.getTracks().filter((track) => track.kind !== kind);
      adopt(new MediaStream([...kept, ...captured.getTracks()]));
      replaced.forEach((track) => track.stop());
    } catch (error) {
      problem.value = deviceProblemOf(error);
    }
  }

  return {
    status: readonly(status),
    problem: readonly(problem),
    stream: shallowReadonly(stream),
    cameras: shallowReadonly(cameras),
    microphones: shallowReadonly(microphones),
    cameraId: readonly(cameraId),
    microphoneId: readonly(microphoneId),
    cameraOn: readonly(cameraOn),
    microphoneOn: readonly(microphoneOn),
    open,
    selectCamera: (id) => exchange('video', { video: { ...picture, deviceId: { exact: id } } }),
    selectMicrophone: (id) => exchange('audio', { audio: { ...audio, deviceId: { exact: id } } }),
    setCameraOn: (on) => {
      cameraOn.value = on;
      stream.value?.getVideoTracks().forEach((track) => (track.enabled = on));
    },
    setMicrophoneOn: (on) => {
      microphoneOn.value = on;
      stream.value?.getAudioTracks().forEach((track) => (track.enabled = on));
    },
    close: () => {
      generation += 1;
      devices?.removeEventListener('devicechange', listDevices);
      stream.value?.getTracks().forEach((track) => track.stop());
      stream.value = null;
      status.value = 'closed';
      problem.value = null;
      cameraOn.value = true;
      microphoneOn.value = true;
    },
  };
}
