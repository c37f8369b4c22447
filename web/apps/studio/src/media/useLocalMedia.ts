import { createLocalMedia, type LocalMedia } from './localMedia';

// TypeScript believes that it is always there; on insecure pages it is not.
const devices = navigator.mediaDevices as MediaDevices | undefined;
const localMedia = createLocalMedia(devices);

/** Camera and microphone of the person at this tab: one, kept open from the preview to the stage. */
export function useLocalMedia(): LocalMedia {
  return localMedia;
}
