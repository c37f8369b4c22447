import type { Room, SlotWish } from '@dais/client';
import { onScopeDispose, ref, watch, type Ref } from 'vue';
import type { Size } from './fitStage';
import { wishesOf, type ShownTile } from './slotWishes';

/** What {@link useSlotWishes} needs to know. */
export interface SlotWishSources {
  readonly room: Readonly<Ref<Room | null>>;
  readonly tiles: Readonly<Ref<readonly ShownTile[]>>;
  /** The size of what the tiles' regions are parts of. */
  readonly size: Readonly<Ref<Size>>;
  /** What must be on screen for any of it to be seen. */
  readonly element: Readonly<Ref<HTMLElement | null>>;
}

/** A window that is dragged larger is not reported at each pixel. */
const settleMs = 150;

/** A picture's proportions are known only once it has come, and change when a phone is turned. */
const lookAgainMs = 2_000;

/**
 * Tells the server in which size the pictures of the stage are shown, so that no more is sent than is seen: nothing of
 * a stage that is scrolled away or of a page in the background, whose sound goes on.
 */
export function useSlotWishes({ room, tiles, size, element }: SlotWishSources): void {
  const onScreen = useOnScreen(element);
  let told = new Map<number, string>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function tell(now: Room | null, wishes: readonly SlotWish[]): void {
    const news = wishes.filter((wish) => told.get(wish.slot) !== JSON.stringify(wish));
    if (now === null || news.length === 0) {
      return;
    }
    news.forEach((wish) => told.set(wish.slot, JSON.stringify(wish)));
    // A wish that is not heard is no harm, and is said again when the connection is back.
    now.prefer(news).catch(() => undefined);
  }

  const look = (): void =>
    tell(room.value, wishesOf(tiles.value, size.value, globalThis.devicePixelRatio || 1, onScreen.value));
  const lookSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(look, settleMs);
  };

  watch(room, () => (told = new Map()), { flush: 'sync' });
  watch([room, tiles, size, onScreen], lookSoon, { immediate: true });
  const again = setInterval(look, lookAgainMs);
  onScopeDispose(() => {
    clearTimeout(timer);
    clearInterval(again);
    // Who shows the stage from now on may want anything.
    tell(room.value, [...told.keys()].map((slot) => ({ slot, maxHeight: 0, paused: false })));
  });
}

/** Whether an element is on screen, as far as the browser tells, in a page that is looked at. */
function useOnScreen(element: Readonly<Ref<HTMLElement | null>>): Readonly<Ref<boolean>> {
  const onScreen = ref(true);
  let inSight = true;
  const update = (): void => {
    onScreen.value = inSight && document.visibilityState !== 'hidden';
  };

  const observer =
    typeof IntersectionObserver === 'undefined'
      ? null
      : new IntersectionObserver((entries) => {
          inSight = entries.at(-1)?.isIntersecting ?? inSight;
          update();
        });
  watch(
    element,
    (now, before) => {
      if (before) {
        observer?.unobserve(before);
      }
      if (now) {
        observer?.observe(now);
      }
    },
    { immediate: true, flush: 'post' },
  );
  document.addEventListener('visibilitychange', update);
  update();
  onScopeDispose(() => {
    observer?.disconnect();
    document.removeEventListener('visibilitychange', update);
  });
  return onScreen;
}
