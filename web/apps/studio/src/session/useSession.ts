import { LiveError, useLoginState } from '@dais/vue';
import { computed, readonly, ref, watch, type ComputedRef, type Ref } from 'vue';
import { useIdentity } from '../identity/useIdentity';
import { textOfError } from './errorText';

const tokenKey = 'dais.token';

/** An access token from the address; a tab keeps it, so that it need not stay in the address. */
function readToken(): string | null {
  const asked = new URLSearchParams(location.search).get('token');
  if (asked !== null) {
    sessionStorage.setItem(tokenKey, asked);
  }
  return asked ?? sessionStorage.getItem(tokenKey);
}

/** What {@link useSession} returns. */
export interface UseSessionReturn {
  readonly online: ComputedRef<boolean>;
  /** Signs in without a token, which only a server in development mode allows. */
  readonly developmentMode: Readonly<Ref<boolean>>;
  /** Why the server does not let this person in, as a sentence. */
  readonly refusal: Readonly<Ref<string | null>>;
  /** The server's clock, in milliseconds since the Unix epoch. */
  readonly serverNow: () => number;
  /** Signs in where that is not done yet, or not under the present name; throws when the server refuses. */
  readonly signIn: () => Promise<void>;
}

const { identity } = useIdentity();
const { login, logout, connectionStatus, isDevelopmentMode, serverNow, reconnectNow } = useLoginState();
const token = readToken();
const refusal = ref<string | null>(null);
const online = computed(() => connectionStatus.value === 'open');

window.addEventListener('online', reconnectNow);
// A new name is told by a new session: the next call signs in again.
watch(identity, () => void logout());

async function signIn(): Promise<void> {
  const { userId, userName } = identity.value;
  try {
    await login({ userId, userName, ...(token === null ? {} : { token }) });
    refusal.value = null;
  } catch (error) {
    // A connection that was closed on this side, to sign in under a new name, is no refusal.
    if (!(error instanceof LiveError) || error.name !== 'notConnected') {
      refusal.value = textOfError(error);
    }
    throw error;
  }
}

/** The signed-in connection to the server, one for the whole app. */
export function useSession(): UseSessionReturn {
  return { online, developmentMode: isDevelopmentMode, refusal: readonly(refusal), serverNow, signIn };
}
