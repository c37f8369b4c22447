import { effectScope } from 'vue';

const forgetters: (() => void)[] = [];

/**
 * Gives every caller the same thing, made at the first call in an effect scope of its own: it lives as long as the
 * app, not as long as the component that happened to ask first.
 */
export function shared<T>(create: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    if (made === null) {
      const scope = effectScope(true);
      made = { value: scope.run(create) as T };
      forgetters.push(() => {
        scope.stop();
        made = null;
      });
    }
    return made.value;
  };
}

/** Forgets everything that is shared; the next call of each makes it anew. */
export function forgetShared(): void {
  for (const forget of forgetters.splice(0)) {
    forget();
  }
}
