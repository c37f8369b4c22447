import type { LiveInfo } from '@dais/vue';
import { onScopeDispose, shallowReadonly, shallowRef, type ShallowRef } from 'vue';

/** What {@link useLiveList} returns. */
export interface UseLiveListReturn {
  /** The lives; null until they are known. */
  readonly lives: Readonly<ShallowRef<readonly LiveInfo[] | null>>;
}

const everyMs = 3_000;

/** The list of lives, asked for again every few seconds while the page is looked at. */
export function useLiveList(load: () => Promise<readonly LiveInfo[]>): UseLiveListReturn {
  const lives = shallowRef<readonly LiveInfo[] | null>(null);
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
      lives.value = await load();
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

  return { lives: shallowReadonly(lives) };
}
