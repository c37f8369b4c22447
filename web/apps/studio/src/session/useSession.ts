import { DaisClient, type ReadonlyStore } from '@dais/client';
import { readonly, ref, shallowReadonly, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { useIdentity } from '../identity/useIdentity';

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
  /** Signed in without a token, which only a server in development mode allows. */
  readonly developmentMode: Readonly<Ref<boolean>>;
  /** The server's clock, in milliseconds since the Unix epoch. */
  readonly serverNow: () => number;
  /** Signs in where that is not done yet; throws a `LiveError` when the server refuses. */
  readonly signIn: () => Promise<void>;
}

const { identity } = useIdentity();
const client = new DaisClient();
const token = readToken();
const online = ref(false);
const developmentMode = ref(false);
let clockOffsetMs = 0;

const session = follow(client.session);
const status = follow(client.status);

watch(session, (opened) => {
  if (opened !== null) {
    clockOffsetMs = opened.serverTime - Date.now();
    developmentMode.value = token === null;
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
  await client.login(token === null ? { userId, userName } : { token, userName });
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
    developmentMode: readonly(developmentMode),
    serverNow: () => Date.now() + clockOffsetMs,
    signIn,
  };
}
