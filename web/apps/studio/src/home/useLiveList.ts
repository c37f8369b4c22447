import type { RoomInfo } from '@dais/client';
import { onScopeDispose, ref, shallowReadonly, shallowRef, type Ref, type ShallowRef } from 'vue';

/** What {@link useLiveList} returns. */
export interface UseLiveListReturn {
  /** The live rooms; null until they are known. */
  readonly rooms: Readonly<ShallowRef<readonly RoomInfo[] | null>>;
  /** The last try failed; what is shown may be old. */
  readonly stale: Readonly<Ref<boolean>>;
}

const everyMs = 3_000;

/** The list of live rooms, asked for again every few seconds while the page is looked at. */
export function useLiveList(load: () => Promise<readonly RoomInfo[]>): UseLiveListReturn {
  const rooms = shallowRef<readonly RoomInfo[] | null>(null);
  const stale = ref(false);
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
      stale.value = false;
    } catch {
      stale.value = true;
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

  return { rooms: shallowReadonly(rooms), stale };
}
