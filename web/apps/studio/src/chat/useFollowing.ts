import { computed, nextTick, onBeforeUnmount, onMounted, readonly, ref, watch, type ComputedRef, type Ref } from 'vue';
import { unreadAfter, type ChatLine } from './chatLog';

/** How far from its end, in pixels, a list still counts as being at it. */
const nearEnd = 40;

type Scrolled = Pick<HTMLElement, 'scrollTop' | 'clientHeight' | 'scrollHeight'>;

/** Whether the end of a list is in sight. */
export function isAtEnd({ scrollTop, clientHeight, scrollHeight }: Scrolled): boolean {
  return scrollHeight - scrollTop - clientHeight <= nearEnd;
}

/** What {@link useFollowing} returns. */
export interface UseFollowingReturn {
  /** False while somebody reads what is further up. */
  readonly following: Readonly<Ref<boolean>>;
  /** How many lines of others have come since. */
  readonly unread: ComputedRef<number>;
  readonly onScroll: () => void;
  readonly toEnd: () => void;
}

/** Keeps the newest line in sight, unless somebody has scrolled up to read; their own words lead them back. */
export function useFollowing(
  list: Readonly<Ref<HTMLElement | null>>,
  lines: () => readonly ChatLine[],
): UseFollowingReturn {
  const following = ref(true);
  const seen = ref(0);
  const latest = (): ChatLine | undefined => lines().at(-1);
  let observer: ResizeObserver | undefined;

  function toEnd(): void {
    following.value = true;
    seen.value = latest()?.sequence ?? 0;
    if (list.value !== null) {
      list.value.scrollTop = list.value.scrollHeight;
    }
  }

  function onScroll(): void {
    if (list.value !== null) {
      following.value = isAtEnd(list.value);
      seen.value = following.value ? (latest()?.sequence ?? 0) : seen.value;
    }
  }

  watch(lines, async ([first], [firstBefore]) => {
    const last = latest();
    const isNewAndOwn = last !== undefined && last.isOwn && last.sequence > seen.value;
    const heightBefore = list.value?.scrollHeight ?? 0;
    const isEarlier = first !== undefined && firstBefore !== undefined && first.sequence < firstBefore.sequence;
    await nextTick();
    if (following.value || isNewAndOwn) {
      toEnd();
    } else if (isEarlier && list.value !== null) {
      // What is being read stays where it is.
      list.value.scrollTop += list.value.scrollHeight - heightBefore;
    }
  });

  onMounted(() => {
    toEnd();
    // A keyboard that comes up, or a card below: the newest line stays where it can be read.
    observer = new ResizeObserver(() => following.value && toEnd());
    if (list.value !== null) {
      observer.observe(list.value);
    }
  });
  onBeforeUnmount(() => observer?.disconnect());

  return {
    following: readonly(following),
    unread: computed(() => (following.value ? 0 : unreadAfter(lines(), seen.value))),
    onScroll,
    toEnd,
  };
}
