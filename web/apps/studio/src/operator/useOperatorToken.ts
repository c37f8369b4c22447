import { readonly, ref, type Ref } from 'vue';

/** What {@link useOperatorToken} returns. */
export interface UseOperatorTokenReturn {
  /** The token; null until one is given. */
  readonly token: Readonly<Ref<string | null>>;
  readonly keep: (token: string) => void;
  readonly forget: () => void;
}

const key = 'dais.operator.token';

/** The operator's access token, kept in this tab until it is closed. */
export function useOperatorToken(storage: Storage = sessionStorage): UseOperatorTokenReturn {
  const token = ref<string | null>(storage.getItem(key));
  return {
    token: readonly(token),
    keep: (given) => {
      storage.setItem(key, given);
      token.value = given;
    },
    forget: () => {
      storage.removeItem(key);
      token.value = null;
    },
  };
}
