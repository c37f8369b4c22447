import { useLiveListState } from '@dais/vue';
import { onMounted, onUnmounted, ref, type Ref } from 'vue';
import { onBeforeRouteLeave } from 'vue-router';

/**
 * Asks before a live is left: going back opens the question (the returned flag), and closing the page makes the
 * browser ask.
 */
export function useLeaveGuard(): Ref<boolean> {
  const asking = ref(false);
  const { currentLive } = useLiveListState();
  const isLive = (): boolean => currentLive.value !== null;

  onBeforeRouteLeave(() => {
    asking.value = isLive();
    return !asking.value;
  });

  const onUnload = (event: BeforeUnloadEvent): void => {
    if (isLive()) {
      event.preventDefault();
    }
  };
  onMounted(() => window.addEventListener('beforeunload', onUnload));
  onUnmounted(() => window.removeEventListener('beforeunload', onUnload));
  return asking;
}
