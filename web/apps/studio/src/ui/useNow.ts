import { onScopeDispose, ref, type Ref } from 'vue';

/** The time of a clock, four times a second, so that a shown second is never skipped. */
export function useNow(clock: () => number = Date.now, everyMs = 250): Readonly<Ref<number>> {
  const now = ref(clock());
  const timer = setInterval(() => {
    now.value = clock();
  }, everyMs);
  onScopeDispose(() => clearInterval(timer));
  return now;
}
