import { onScopeDispose, ref, type Ref } from 'vue';

/** How much of the page's lower edge a keyboard covers, in pixels; 0 where the page itself gives way to it. */
export function useKeyboardInset(): Readonly<Ref<number>> {
  const inset = ref(0);
  const view = window.visualViewport;
  if (view) {
    const update = (): void => {
      // Two fingers make the view smaller too, and cover nothing.
      inset.value = view.scale > 1.01 ? 0 : Math.max(0, Math.round(innerHeight - view.height - view.offsetTop));
    };
    view.addEventListener('resize', update);
    view.addEventListener('scroll', update);
    onScopeDispose(() => {
      view.removeEventListener('resize', update);
      view.removeEventListener('scroll', update);
    });
  }
  return inset;
}
