import type { RoomInfo } from '@dais/client';
import { onScopeDispose, shallowReadonly, shallowRef, type ShallowRef } from 'vue';

/** What {@link useLiveList} returns. */
export interface UseLiveListReturn {
  /** The live rooms; null until they are known. */
  readonly rooms: Readonly<ShallowRef<readonly RoomInfo[] | null>>;
}

const everyMs = 3_000;

/** The list of live rooms, asked for again every few seconds while the page is looked at. */
export function useLiveList(load: () => Promise<readonly RoomInfo[]>): UseLiveListReturn {
  const rooms = shallowRef<readonly RoomInfo[] | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let disposed = false;
  let loading = false;

  async function refresh(): Promise<void> {
    clearTimeout(timer);
    if (loading || disposed || document.visibilityState === 'hidden') {
      return;
    }
    loading = true;
    try {
      rooms.value = await load();
    } catch {
      // What is shown stays; the page says by itself that there is no connection.
    }
    loading = false;
    if (!disposed) {
      timer = setTimeout(() => void refresh(), everyMs);
    }
  }

  const onVisible = (): void => void refresh();
  document.addEventListener('visibilitychange', onVisible);
  onScopeDispose(() => {
    disposed = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', onVisible);
  });
  void refresh();

  return { rooms: shallowReadonly(rooms) };
}
