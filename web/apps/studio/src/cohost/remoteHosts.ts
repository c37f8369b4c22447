import { DeviceStatus, useCoHostState, type SeatUserInfo, type Tile } from '@dais/vue';
import { computed, type ComputedRef } from 'vue';

/** Most lives that can be connected. */
export const connectedMax = 9;

/** Whether nothing comes from a host: they have lost the connection, or turned everything off. */
export function isAway({ cameraStatus, microphoneStatus }: SeatUserInfo): boolean {
  return cameraStatus === DeviceStatus.Off && microphoneStatus === DeviceStatus.Off;
}

/** Whether a tile shows a host of another live from whom nothing comes. */
export function showsAway({ isRemote, cameraOn, microphoneOn }: Tile): boolean {
  return isRemote && !cameraOn && !microphoneOn;
}

/** The hosts of the lives that live `ownId` is connected with. */
export function useRemoteHosts(ownId: () => string): ComputedRef<readonly SeatUserInfo[]> {
  const { connected } = useCoHostState();
  return computed(() => connected.value.filter(({ liveId }) => liveId !== ownId()));
}
