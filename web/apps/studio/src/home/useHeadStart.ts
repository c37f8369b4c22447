import { onScopeDispose } from 'vue';

/** How to get ready for a live. */
export interface HeadStartOptions {
  readonly prepare: (liveId: string) => void;
  readonly drop: (liveId: string) => void;
}

/** What {@link useHeadStart} returns. */
export interface UseHeadStartReturn {
  /** Somebody may open this live: now (`isSure`), or if their pointer rests on it. */
  readonly near: (liveId: string, isSure: boolean) => void;
  /** They may not, after all. */
  readonly away: () => void;
}

/** A pointer that rests so long is not on its way to somewhere else. */
const restMs = 60;

/** Gets ready for the live somebody seems about to open: one at a time, and nothing where data is to be saved. */
export function useHeadStart({ prepare, drop }: HeadStartOptions): UseHeadStartReturn {
  let ready: string | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function begin(liveId: string): void {
    if (ready !== null && ready !== liveId) {
      drop(ready);
    }
    ready = liveId;
    prepare(liveId);
  }

  function near(liveId: string, isSure: boolean): void {
    clearTimeout(timer);
    if (savesData()) {
      return;
    }
    if (isSure) {
      begin(liveId);
    } else {
      timer = setTimeout(() => begin(liveId), restMs);
    }
  }

  // What is ready stays so: whoever has opened the live uses it, and else it ends by itself.
  onScopeDispose(() => clearTimeout(timer));

  return { near, away: () => clearTimeout(timer) };
}

function savesData(): boolean {
  return (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;
}
