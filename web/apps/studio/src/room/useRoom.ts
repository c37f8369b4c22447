import type { Room, RoomState } from '@dais/client';
import { onScopeDispose, ref, shallowReadonly, shallowRef, type Ref, type ShallowRef } from 'vue';
import { useSession } from '../session/useSession';
import { isRoomGone, textOfError } from '../session/errorText';

/** What {@link useRoom} returns. */
export interface UseRoomReturn {
  readonly room: Readonly<ShallowRef<Room | null>>;
  readonly state: Readonly<ShallowRef<RoomState | null>>;
  /** Why the room could not be entered. */
  readonly failure: Readonly<Ref<{ text: string; gone: boolean } | null>>;
  /** Enters the room, or tries again. */
  readonly enter: () => Promise<void>;
}

/** A room as the page shows it: entered when asked to, left with the page. */
export function useRoom(roomId: string): UseRoomReturn {
  const { client, signIn } = useSession();
  const room = shallowRef<Room | null>(null);
  const state = shallowRef<RoomState | null>(null);
  const failure = ref<{ text: string; gone: boolean } | null>(null);
  let disposed = false;
  let unfollow = (): void => {};

  async function enter(): Promise<void> {
    failure.value = null;
    try {
      await signIn();
      const entered = await client.joinRoom(roomId);
      if (disposed) {
        leave(entered);
        return;
      }
      unfollow = entered.state.subscribe((next) => {
        state.value = next;
      });
      state.value = entered.state.get();
      room.value = entered;
    } catch (error) {
      failure.value = { text: textOfError(error), gone: isRoomGone(error) };
    }
  }

  function leave(entered: Room): void {
    if (entered.state.get().closed === null) {
      // Going away cannot fail from the person's point of view: the server notices in any case.
      entered.leave().catch(() => undefined);
    }
  }

  onScopeDispose(() => {
    disposed = true;
    unfollow();
    if (room.value !== null) {
      leave(room.value);
    }
  });

  return { room: shallowReadonly(room), state: shallowReadonly(state), failure, enter };
}
