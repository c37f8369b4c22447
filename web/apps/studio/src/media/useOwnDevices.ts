import { useDeviceState } from '@dais/vue';
import { createOwnDevices, type OwnDevices } from './ownDevices';

let ownDevices: OwnDevices | null = null;

/** Camera and microphone of the person at this tab: kept open from the preview to the stage. */
export function useOwnDevices(): OwnDevices {
  ownDevices ??= createOwnDevices(useDeviceState());
  return ownDevices;
}
