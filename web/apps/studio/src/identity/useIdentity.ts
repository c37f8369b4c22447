import { readonly, shallowRef, type Ref } from 'vue';
import { readIdentity, rename, type Identity } from './identity';

const storage = { tab: sessionStorage, device: localStorage };

// `randomUUID` exists on secure origins only; this works everywhere.
function createId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

const identity = shallowRef<Identity>(readIdentity(location.search, storage, createId));

/** What {@link useIdentity} returns. */
export interface UseIdentityReturn {
  readonly identity: Readonly<Ref<Identity>>;
  readonly setName: (name: string) => void;
}

/** The person at this tab, one for the whole app. */
export function useIdentity(): UseIdentityReturn {
  return {
    identity: readonly(identity) as Readonly<Ref<Identity>>,
    setName: (name) => {
      identity.value = rename(identity.value, name, storage);
    },
  };
}
