import { shallowReadonly, shallowRef, type ShallowRef } from 'vue';

/** What {@link useBusyWith} returns. */
export interface UseBusyWithReturn {
  /** Ids something is under way for. */
  readonly busyWith: Readonly<ShallowRef<ReadonlySet<string>>>;
  /** Does something for an id, unless something is under way for it. */
  readonly on: (id: string, action: () => Promise<unknown>) => Promise<void>;
}

/** Does one thing at a time for each id. */
export function useBusyWith(): UseBusyWithReturn {
  const busyWith = shallowRef<ReadonlySet<string>>(new Set());

  return {
    busyWith: shallowReadonly(busyWith),
    on: async (id, action) => {
      if (busyWith.value.has(id)) {
        return;
      }
      busyWith.value = new Set([...busyWith.value, id]);
      try {
        await action();
      } finally {
        busyWith.value = new Set([...busyWith.value].filter((other) => other !== id));
      }
    },
  };
}
