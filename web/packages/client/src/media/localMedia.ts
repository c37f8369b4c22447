import { browserEnvironment } from '../environment.js';
import type { Environment } from '../environment.js';
import { LiveError } from '../liveError.js';

/** Opens camera and microphone; what goes wrong comes as a `LiveError` that says whether permission is missing. */
export async function openLocalMedia(
  constraints: MediaStreamConstraints = { audio: true, video: { width: 1280, height: 720 } },
  environment: Pick<Environment, 'getUserMedia'> = browserEnvironment(),
): Promise<MediaStream> {
  try {
    return await environment.getUserMedia(constraints);
  } catch (thrown) {
    const name = thrown instanceof Error ? thrown.name : '';
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    throw name === 'NotAllowedError' || name === 'SecurityError'
      ? LiveError.local('devicePermissionDenied', message)
      : LiveError.local('deviceUnavailable', message, name === 'NotReadableError');
  }
}
