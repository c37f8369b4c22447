import { ref, watch, type Ref } from 'vue';

/**
 * Shows a stream in a video element and tells when its first frame is on screen, so that nobody sees a black flash.
 * The element starts again by itself when a browser pauses it, for example after a call on a phone.
 */
export function useVideoSource(
  element: Readonly<Ref<HTMLVideoElement | null>>,
  stream: Readonly<Ref<MediaStream | null>>,
  onFirstFrame: () => void = () => {},
): Readonly<Ref<boolean>> {
  const visible = ref(false);

  watch(
    [element, stream],
    ([video, source], _before, onCleanup) => {
      visible.value = false;
      if (video === null) {
        return;
      }
      video.srcObject = source;
      if (source === null) {
        return;
      }
      let current = true;
      const show = (): void => {
        if (current && !visible.value) {
          visible.value = true;
          onFirstFrame();
        }
      };
      // A muted autoplaying video may still be held back by a battery saver; the next touch starts it.
      const resume = (): void => void video.play().catch(() => {});
      if ('requestVideoFrameCallback' in video) {
        video.requestVideoFrameCallback(show);
      } else {
        (video as HTMLVideoElement).addEventListener('loadeddata', show, { once: true });
      }
      video.addEventListener('pause', resume);
      document.addEventListener('pointerdown', resume, { once: true });
      resume();
      onCleanup(() => {
        current = false;
        video.removeEventListener('pause', resume);
        document.removeEventListener('pointerdown', resume);
      });
    },
    { immediate: true, flush: 'post' },
  );

  return visible;
}
