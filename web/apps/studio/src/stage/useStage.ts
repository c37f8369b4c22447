import type { Room, RoomState } from '@dais/client';
import { computed, ref, type ComputedRef, type Ref } from 'vue';
import type { LocalMedia } from '../media/localMedia';
import { tilesOf, type Tile } from './tile';

/** What {@link useStage} returns. */
export interface UseStageReturn {
  readonly tiles: ComputedRef<readonly Tile[]>;
  /** The browser plays no sound before a touch. */
  readonly soundBlocked: Ref<boolean>;
}

/** The stage of a room as this person sees and hears it. */
export function useStage(
  room: Readonly<Ref<Room>>,
  state: Readonly<Ref<RoomState>>,
  media: LocalMedia,
): UseStageReturn {
  const tiles = computed(() =>
    tilesOf({
      stage: state.value.stage,
      seats: state.value.seats,
      userId: state.value.selfId,
      roomId: state.value.roomId,
      own: {
        stream: media.stream.value,
        cameraOn: media.cameraOn.value && (media.stream.value?.getVideoTracks().length ?? 0) > 0,
        microphoneOn: media.microphoneOn.value && (media.stream.value?.getAudioTracks().length ?? 0) > 0,
      },
      streamOf: (slot) => room.value.streamOf({ slot }),
    }),
  );
  return { tiles, soundBlocked: ref(false) };
}
