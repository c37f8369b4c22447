import { effectScope, onScopeDispose, watch } from 'vue';
import type { IconName } from '../icons';
import { useToasts, type Toasts } from './useToasts';

/** Tells one piece of news; with `holds`, only for as long as that is so. */
export type Tell = (text: string, icon?: IconName, holds?: () => boolean) => void;

/** Gives a page its voice: what it tells goes away by itself, once it is no longer true, and with the page. */
export function useNews({ show, dismiss }: Pick<Toasts, 'show' | 'dismiss'> = useToasts()): Tell {
  const page = effectScope();
  const told: number[] = [];
  onScopeDispose(() => told.forEach(dismiss));

  return (text, icon, holds) => {
    if (holds !== undefined && !holds()) {
      return;
    }
    const id = show(text, icon);
    told.push(id);
    if (holds !== undefined) {
      page.run(() => watch(holds, () => dismiss(id), { once: true }));
    }
  };
}
