import { browserEnvironment } from '@dais/client';
import type { Environment } from '@dais/client';
import { RtcError } from './rtcError.js';

/** Everything this package takes from the world around it but the page itself. */
export interface World extends Environment {
  getDisplayMedia(options: DisplayMediaStreamOptions): Promise<MediaStream>;
  enumerateDevices(): Promise<MediaDeviceInfo[]>;
}

/** The world as a browser provides it. */
export function browserWorld(): World {
  return {
    ...browserEnvironment(),
    getUserMedia: async (constraints) => mediaDevices().getUserMedia(constraints),
    getDisplayMedia: async (options) => mediaDevices().getDisplayMedia(options),
    enumerateDevices: async () => mediaDevices().enumerateDevices(),
  };
}

/** TypeScript believes that devices are always there, but on insecure pages they are not. */
function mediaDevices(): MediaDevices {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices === undefined) {
    throw new RtcError('NOT_SUPPORTED', 'Browsers allow camera, microphone and screen on secure pages only.');
  }
  return devices;
}
