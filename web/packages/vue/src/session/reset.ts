import type { Environment } from '@dais/client';
import { setEnvironment, useSession } from './liveSession';
import { forgetShared } from './shared';

/**
 * Signs out and forgets everything the composables share, as a test wants between two cases. `environment` is the
 * world of the next session: its sockets, timers and peer connections.
 */
export function resetDais(environment?: Environment): void {
  useSession().signOut();
  forgetShared();
  setEnvironment(environment);
}
