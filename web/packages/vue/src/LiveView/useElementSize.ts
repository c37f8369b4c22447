import { onScopeDispose, shallowRef, watch, type Ref } from 'vue';
import type { Size } from './fitStage';

/** The size of an element's content box, as it changes. */
export function useElementSize(element: Readonly<Ref<HTMLElement | null>>): Readonly<Ref<Size>> {
  const size = shallowRef<Size>({ width: 0, height: 0 });
  const observer = new ResizeObserver(([entry]) => {
    if (entry !== undefined) {
      size.value = { width: entry.contentRect.width, height: entry.contentRect.height };
    }
  });

  watch(
    element,
    (now, before) => {
      if (before) {
        observer.unobserve(before);
      }
      if (now) {
        size.value = { width: now.clientWidth, height: now.clientHeight };
        observer.observe(now);
      }
    },
    { immediate: true, flush: 'post' },
  );
  onScopeDispose(() => observer.disconnect());
  return size;
}
