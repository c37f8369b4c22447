import { useDeviceState } from '@dais/vue';
import { watch } from 'vue';
import { textOfError } from '../session/errorText';
import type { Tell } from '../ui/toasts/useNews';

/** Errors that say nothing a person could act on here: the connection and the end have signs of their own. */
const quiet: readonly string[] = ['notConnected', 'connectionLost', 'roomClosed', 'notSeated'];

/** Tells why camera and microphone cannot be sent. */
export function usePublishTrouble(tell: Tell): void {
  const { publishError } = useDeviceState();
  watch(publishError, (error) => {
    if (error !== null && !quiet.includes(error.name)) {
      tell(textOfError(error), 'warning', () => publishError.value === error);
    }
  });
}
