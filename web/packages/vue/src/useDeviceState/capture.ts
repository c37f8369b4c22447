import type { Device } from '@dais/client';
import { DeviceError, NoMediaDevices, deviceErrorOf } from './deviceError';

/** Opens one device; what goes wrong is thrown as the browser throws it. */
export type Capture = (device: Device, constraints: MediaTrackConstraints) => Promise<MediaStreamTrack>;

type Wanted = Map<Device, MediaTrackConstraints>;
type Captured = Map<Device, MediaStreamTrack | Error>;

const kindOf = { microphone: 'audio', camera: 'video' } as const;

/** The browser's devices; TypeScript believes that they are always there, but on insecure pages they are not. */
export function mediaDevices(): MediaDevices | undefined {
  return typeof navigator === 'undefined' ? undefined : (navigator.mediaDevices as MediaDevices | undefined);
}

/** What is asked for in one go is asked of the user in one question: camera and microphone, not one after the other. */
export function createCapture(): Capture {
  let wanted: Wanted | null = null;
  let captured: Promise<Captured> = Promise.resolve(new Map());

  return async (device, constraints) => {
    if (wanted === null || wanted.has(device)) {
      const asked: Wanted = new Map();
      wanted = asked;
      captured = Promise.resolve().then(() => {
        wanted = wanted === asked ? null : wanted;
        return captureAll(asked);
      });
    }
    wanted.set(device, constraints);
    const result = (await captured).get(device);
    if (result === undefined || result instanceof Error) {
      throw result ?? new Error(`No track of the ${device} came.`);
    }
    return result;
  };
}

async function captureAll(wanted: Wanted): Promise<Captured> {
  const all = await captureTogether(wanted);
  const failure = all.values().next().value;
  // Someone without a camera may still speak: what cannot be had together is asked for alone.
  const partly = failure instanceof Error && wanted.size > 1 && mayHelpAlone(failure);
  if (!partly) {
    return all;
  }
  const alone: Captured = new Map();
  for (const [device, constraints] of wanted) {
    (await captureTogether(new Map([[device, constraints]]))).forEach((result) => alone.set(device, result));
  }
  return alone;
}

function mayHelpAlone(failure: Error): boolean {
  const error = deviceErrorOf(failure);
  return error === DeviceError.NoDeviceDetected || error === DeviceError.OccupiedError;
}

async function captureTogether(wanted: Wanted): Promise<Captured> {
  try {
    const devices = mediaDevices();
    if (devices === undefined) {
      throw new NoMediaDevices('Browsers allow camera and microphone on secure pages only.');
    }
    const stream = await devices.getUserMedia(
      Object.fromEntries([...wanted].map(([device, constraints]) => [kindOf[device], constraints])),
    );
    const tracks = stream.getTracks();
    return new Map([...wanted.keys()].map((device) => [device, trackOf(tracks, device)]));
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : named(thrown);
    return new Map([...wanted.keys()].map((device) => [device, error]));
  }
}

function trackOf(tracks: readonly MediaStreamTrack[], device: Device): MediaStreamTrack | Error {
  return tracks.find(({ kind }) => kind === kindOf[device]) ?? new Error(`No track of the ${device} came.`);
}

/** `DOMException` is no `Error` everywhere. */
function named(thrown: unknown): Error {
  const { name, message } = (thrown ?? {}) as { name?: unknown; message?: unknown };
  const error = new Error(typeof message === 'string' ? message : String(thrown));
  error.name = typeof name === 'string' ? name : 'Error';
  return error;
}
