import { DaisClient, LiveError, type ReadonlyStore } from '@dais/client';
import { computed, readonly, ref, shallowReadonly, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { useIdentity } from '../identity/useIdentity';
import { textOfError } from './errorText';

const tokenKey = 'dais.token';

/** Follows a store of the client in a ref, for as long as the app lives. */
function follow<T>(store: ReadonlyStore<T>): Readonly<ShallowRef<T>> {
  const value = shallowRef(store.get()) as ShallowRef<T>;
  store.subscribe((next) => {
    value.value = next;
  });
  return shallowReadonly(value) as Readonly<ShallowRef<T>>;
}

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
  readonly client: DaisClient;
  readonly online: Readonly<Ref<boolean>>;
  /** The server lets anyone in under any name. */
  readonly developmentMode: Readonly<Ref<boolean>>;
  /** Why the server does not let this person in, as a sentence. */
  readonly refusal: Readonly<Ref<string | null>>;
  /** The server's clock, in milliseconds since the Unix epoch. */
  readonly serverNow: () => number;
  /** Signs in where that is not done yet; throws a `LiveError` when the server refuses. */
  readonly signIn: () => Promise<void>;
}

const { identity } = useIdentity();
const client = new DaisClient();
const token = readToken();
const online = ref(false);
const refusal = ref<string | null>(null);
let clockOffsetMs = 0;

const session = follow(client.session);
const developmentMode = computed(() => session.value?.developmentMode ?? false);
const status = follow(client.status);

watch(session, (opened) => {
  if (opened !== null) {
    clockOffsetMs = opened.serverTime - Date.now();
  }
});
watch(status, (now) => {
  online.value = now === 'open';
});
window.addEventListener('online', () => client.reconnectNow());

// A new name is told by a new session: the old one is closed, and the next call signs in again.
watch(identity, () => client.close());

let signingIn: Promise<void> | null = null;

async function logIn(): Promise<void> {
  const { userId, userName } = identity.value;
  try {
    await client.login(token === null ? { userId, userName } : { token, userName });
    refusal.value = null;
  } catch (error) {
    // A connection that was closed on this side, to sign in under a new name, is no refusal.
    if (!(error instanceof LiveError) || error.name !== 'notConnected') {
      refusal.value = textOfError(error);
    }
    throw error;
  }
}

function signIn(): Promise<void> {
  signingIn ??= logIn().finally(() => {
    signingIn = null;
  });
  return signingIn;
}

/** The signed-in connection to the server, one for the whole app. */
export function useSession(): UseSessionReturn {
  return {
    client,
    online: readonly(online),
    developmentMode,
    refusal: readonly(refusal),
    serverNow: () => Date.now() + clockOffsetMs,
    signIn,
  };
}
