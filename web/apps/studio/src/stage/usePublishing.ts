import type { Device, Room } from '@dais/client';
import { watch, type Ref } from 'vue';
import type { LocalMedia } from '../media/localMedia';

/**
 * Sends camera and microphone to a room while `wanted` holds, and follows the person's choice of devices and their
 * switches. Nobody receives it before the person is on stage, so it may run while an application is pending.
 */
export function usePublishing(
  room: Readonly<Ref<Room | null>>,
  wanted: Readonly<Ref<boolean>>,
  media: LocalMedia,
  onError: (error: unknown) => void,
): void {
  async function applySwitches(): Promise<void> {
    const publication = room.value?.publication ?? null;
    if (publication === null) {
      return;
    }
    const off: Record<Device, boolean> = { microphone: !media.microphoneOn.value, camera: !media.cameraOn.value };
    const present: Record<Device, boolean> = {
      microphone: (media.stream.value?.getAudioTracks().length ?? 0) > 0,
      camera: (media.stream.value?.getVideoTracks().length ?? 0) > 0,
    };
    for (const device of ['microphone', 'camera'] as const) {
      if (present[device] && publication.muted.get()[device] !== off[device]) {
        await publication.setMuted(device, off[device]);
      }
    }
  }

  async function send(stream: MediaStream, to: Room): Promise<void> {
    const publication = to.publication;
    if (publication === null) {
      await to.publish(stream);
    } else {
      await publication.replaceTrack('microphone', stream.getAudioTracks()[0] ?? null);
      await publication.replaceTrack('camera', stream.getVideoTracks()[0] ?? null);
    }
    await applySwitches();
  }

  // One step after the other: a publication must stand before its tracks or switches change.
  let last: Promise<void> = Promise.resolve();
  function inTurn(step: () => Promise<void>): void {
    last = last.then(step).catch(onError);
  }

  watch(
    [room, wanted, media.stream],
    ([to, isWanted, stream]) => {
      if (to === null || to.state.get().closed !== null) {
        return;
      }
      if (isWanted && stream !== null) {
        inTurn(async () => {
          if (wanted.value && media.stream.value === stream) {
            await send(stream, to);
          }
        });
      } else if (!isWanted) {
        inTurn(() => to.unpublish());
      }
    },
    { immediate: true },
  );
  watch([media.cameraOn, media.microphoneOn], () => inTurn(applySwitches));
}
