import { shallowReadonly, shallowRef, type ShallowRef } from 'vue';
import type { IconName } from '../icons';

/** A short message that goes away by itself. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly icon: IconName | null;
}

/** What {@link createToasts} returns. */
export interface Toasts {
  readonly toasts: Readonly<ShallowRef<readonly Toast[]>>;
  /** Shows a toast and gives its id. */
  readonly show: (text: string, icon?: IconName) => number;
  readonly dismiss: (id: number) => void;
}

const shownMs = 5_000;
const shownMax = 3;

/** Makes a stack of toasts: newest last, at most three, each for five seconds. */
export function createToasts(): Toasts {
  const toasts = shallowRef<readonly Toast[]>([]);
  let lastId = 0;

  const dismiss = (id: number): void => {
    toasts.value = toasts.value.filter((toast) => toast.id !== id);
  };

  return {
    toasts: shallowReadonly(toasts),
    dismiss,
    show: (text, icon) => {
      lastId += 1;
      const id = lastId;
      // The same sentence twice says no more than once.
      const others = toasts.value.filter((toast) => toast.text !== text);
      toasts.value = [...others, { id, text, icon: icon ?? null }].slice(-shownMax);
      setTimeout(() => dismiss(id), shownMs);
      return id;
    },
  };
}

const toasts = createToasts();

/** The toasts of the whole app. */
export function useToasts(): Toasts {
  return toasts;
}
