import { onScopeDispose, shallowReadonly, shallowRef, type ShallowRef } from 'vue';

/** What {@link usePolled} returns. */
export interface Polled<T> {
  /** The last answer; null before the first. */
  readonly answer: Readonly<ShallowRef<T | null>>;
  /** Why the last try failed; null when it did not. */
  readonly problem: Readonly<ShallowRef<unknown>>;
  /** Asks now. */
  readonly refresh: () => Promise<void>;
}

/** What `load` gives, asked for again and again while the page is looked at. */
export function usePolled<T>(load: () => Promise<T>, everyMs: number): Polled<T> {
  const answer = shallowRef<T | null>(null);
  const problem = shallowRef<unknown>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let loading = false;
  let disposed = false;

  async function refresh(): Promise<void> {
    clearTimeout(timer);
    if (loading || disposed || document.visibilityState === 'hidden') {
      return;
    }
    loading = true;
    try {
      answer.value = await load();
      problem.value = null;
    } catch (error) {
      // What is shown stays.
      problem.value = error;
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

  return { answer: shallowReadonly(answer), problem: shallowReadonly(problem), refresh };
}
