/**
 * Video elements that play a stream before anybody shows it. A picture that is decoded while no element plays its
 * stream is lost, and what is shown first is the next one: so whoever expects a picture with the answer to a call has
 * an element play before it.
 */
const ready = new WeakMap<MediaStream, HTMLVideoElement>();

/** A video element for pictures. Sound is played by audio elements, so it is muted and may start by itself. */
export function createVideo(): HTMLVideoElement {
  const video = document.createElement('video');
  video.muted = true;
  video.autoplay = true;
  video.playsInline = true;
  video.disablePictureInPicture = true;
  return video;
}

/** Has an element play `stream`, for {@link takeReady}. */
export function makeReady(stream: MediaStream): void {
  if (!ready.has(stream)) {
    const video = createVideo();
    video.srcObject = stream;
    ready.set(stream, video);
    // What cannot play yet does so when it is shown.
    video.play().catch(() => {});
  }
}

/** The element that plays `stream` already, once; null when there is none. */
export function takeReady(stream: MediaStream): HTMLVideoElement | null {
  const video = ready.get(stream) ?? null;
  ready.delete(stream);
  return video;
}

/** Ends what {@link makeReady} has begun and nobody has taken. */
export function forgetReady(stream: MediaStream): void {
  const video = takeReady(stream);
  if (video !== null) {
    video.srcObject = null;
  }
}
