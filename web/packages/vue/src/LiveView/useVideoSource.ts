import { ref, watch, type Ref } from 'vue';

/** Whether a stream has a picture now: a receiver's track is muted before its first packet and ended after its last. */
export function hasPicture(stream: MediaStream): boolean {
  const track = stream.getVideoTracks()[0];
  return track !== undefined && track.readyState === 'live' && !track.muted;
}

const checkEveryMs = 500;

/**
 * Shows a stream in a video element and tells whether a picture of it is on screen, so that nobody sees a black flash,
 * neither at the start nor when a broken connection is replaced. The element starts again by itself when a browser
 * pauses it, for example after a call on a phone.
 */
export function useVideoSource(
  element: Readonly<Ref<HTMLVideoElement | null>>,
  stream: Readonly<Ref<MediaStream | null>>,
): Readonly<Ref<boolean>> {
  const visible = ref(false);

  watch(
    [element, stream],
    ([video, source], _before, onCleanup) => {
      visible.value = false;
      if (video === null) {
        return;
      }
      if (video.srcObject !== source) {
        video.srcObject = source;
      }
      if (source !== null) {
        onCleanup(follow(video, source, visible));
      }
    },
    { immediate: true, flush: 'post' },
  );

  return visible;
}

function follow(video: HTMLVideoElement, source: MediaStream, visible: Ref<boolean>): () => void {
  let current = true;
  let waiting = false;

  const onFrame = (): void => {
    waiting = false;
    // Browsers draw black frames for tracks that bring nothing; those are no picture.
    visible.value = current && hasPicture(source);
  };
  const waitForFrame = (): void => {
    if (!waiting) {
      waiting = true;
      if ('requestVideoFrameCallback' in video) {
        video.requestVideoFrameCallback(onFrame);
      } else {
        (video as HTMLVideoElement).addEventListener('timeupdate', onFrame, { once: true });
      }
    }
  };
  const check = (): void => {
    if (!hasPicture(source)) {
      visible.value = false;
    } else if (!visible.value) {
      waitForFrame();
    }
  };
  // A muted autoplaying video may still be held back by a battery saver; the next touch starts it.
  const resume = (): void => void video.play().catch(() => {});

  if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
    // It has played before it was shown.
    onFrame();
  } else {
    waitForFrame();
  }
  const timer = setInterval(check, checkEveryMs);
  source.getVideoTracks()[0]?.addEventListener('unmute', check);
  video.addEventListener('pause', resume);
  document.addEventListener('pointerdown', resume, { once: true });
  resume();
  return () => {
    current = false;
    clearInterval(timer);
    source.getVideoTracks()[0]?.removeEventListener('unmute', check);
    video.removeEventListener('pause', resume);
    document.removeEventListener('pointerdown', resume);
  };
}
