import type { Device } from '@dais/client';
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { DeviceStatus } from '../people/people';
import { mediaDevices, type Capture } from './capture';
import { DeviceError, deviceErrorOf, toLiveError } from './deviceError';

/** A microphone or camera as a picker shows it. */
export interface DeviceInfo {
  readonly deviceId: string;
  readonly deviceName: string;
}

const wishes: Readonly<Record<Device, MediaTrackConstraints>> = {
  microphone: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  camera: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } },
};
const kindOf = { microphone: 'audioinput', camera: 'videoinput' } as const;
const wordOf = { microphone: 'Microphone', camera: 'Camera' } as const;

/** The own microphone or camera: open or not, which one, and why not. */
export class LocalDevice {
  readonly status: Ref<DeviceStatus> = ref(DeviceStatus.Off);
  readonly lastError: Ref<DeviceError> = ref(DeviceError.NoError);
  /** A new object whenever another device is chosen. */
  readonly track: ShallowRef<MediaStreamTrack | null> = shallowRef(null);
  readonly list: ShallowRef<readonly DeviceInfo[]> = shallowRef([]);
  /** The device in use, or the one to use next; empty while that is the browser's choice. */
  readonly currentId = ref('');
  readonly isOpening = ref(false);
  #opening: Promise<void> | null = null;
  /** Grows with every close, so that a track that arrives after it is stopped instead of kept. */
  #generation = 0;
  #chosenId = '';
  #facing: 'user' | 'environment' = 'user';

  constructor(
    readonly device: Device,
    private readonly capture: Capture,
  ) {}

  /** Opens the device; several calls open it once. */
  open(): Promise<void> {
    if (this.track.value !== null) {
      return Promise.resolve();
    }
    if (this.#opening === null) {
      const opening = this.#start().finally(() => {
        if (this.#opening === opening) {
          this.#opening = null;
          this.isOpening.value = false;
        }
      });
      this.#opening = opening;
      this.isOpening.value = true;
    }
    return this.#opening;
  }

  close(): void {
    this.#generation += 1;
    this.#opening = null;
    this.isOpening.value = false;
    this.#keep(null);
  }

  /** Uses another device from now on; an open one is exchanged. */
  async choose(deviceId: string): Promise<void> {
    this.#chosenId = deviceId;
    this.currentId.value = deviceId;
    await this.#exchange();
  }

  /** Uses the camera that looks at the user, or the one that looks away. */
  async face(facing: 'user' | 'environment'): Promise<void> {
    this.#facing = facing;
    this.#chosenId = '';
    await this.#exchange();
  }

  async fetchList(): Promise<void> {
    const all = (await mediaDevices()?.enumerateDevices()) ?? [];
    this.list.value = all
      .filter(({ kind, deviceId }) => kind === kindOf[this.device] && deviceId !== '')
      .map(({ deviceId, label }, index) => ({ deviceId, deviceName: label || `${wordOf[this.device]} ${index + 1}` }));
  }

  async #exchange(): Promise<void> {
    if (this.track.value !== null) {
      await this.#start();
    }
  }

  async #start(): Promise<void> {
    const generation = this.#generation;
    this.lastError.value = DeviceError.NoError;
    let track: MediaStreamTrack;
    try {
      track = await this.capture(this.device, this.#constraints());
    } catch (thrown) {
      if (generation === this.#generation) {
        this.lastError.value = deviceErrorOf(thrown);
      }
      throw toLiveError(thrown);
    }
    if (generation !== this.#generation) {
      track.stop();
      return;
    }
    this.#keep(track);
    // Names of devices are known only once one of them may be used.
    await this.fetchList().catch(() => undefined);
  }

  #constraints(): MediaTrackConstraints {
    const which =
      this.#chosenId !== ''
        ? { deviceId: { exact: this.#chosenId } }
        : this.device === 'camera'
          ? { facingMode: this.#facing }
          : {};
    return { ...wishes[this.device], ...which };
  }

  #keep(track: MediaStreamTrack | null): void {
    const before = this.track.value;
    this.track.value = track;
    this.status.value = track === null ? DeviceStatus.Off : DeviceStatus.On;
    if (before !== null && before !== track) {
      before.onended = null;
      before.stop();
    }
    if (track !== null) {
      this.currentId.value = track.getSettings?.().deviceId ?? this.#chosenId;
      track.onended = () => this.#onLost(track);
    }
  }

  /** The device was unplugged, or the browser took it away. */
  #onLost(track: MediaStreamTrack): void {
    if (this.track.value === track) {
      this.close();
      this.lastError.value = DeviceError.NoDeviceDetected;
    }
  }
}
