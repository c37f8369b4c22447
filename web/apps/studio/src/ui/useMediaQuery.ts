import { onScopeDispose, ref, type Ref } from 'vue';

/** Whether a CSS media query holds, as it changes. */
export function useMediaQuery(query: string): Readonly<Ref<boolean>> {
  const list = matchMedia(query);
  const matches = ref(list.matches);
  const update = (): void => {
    matches.value = list.matches;
  };
  list.addEventListener('change', update);
  onScopeDispose(() => list.removeEventListener('change', update));
  return matches;
}

/** Whether there is room for a side panel; the style sheets use the same number. */
export function useWideScreen(): Readonly<Ref<boolean>> {
  return useMediaQuery('(min-width: 960px)');
}
