import { messagesMax, useBarrageState, useLiveListState, type Barrage, type LiveInfo } from '@dais/vue';
import { computed, ref, shallowReadonly, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import { linesMax, withMessages, type ChatLine } from './chatLog';
import type { Silence } from './chatTexts';
import { useDraft, type UseDraftReturn } from './useDraft';

/** The chat of a live, as one person has it. */
export interface Chat {
  /** The latest lines, the newest last. */
  readonly lines: Readonly<ShallowRef<readonly ChatLine[]>>;
  /** Why this person may not write; null when they may. */
  readonly silence: ComputedRef<Silence | null>;
  readonly draft: UseDraftReturn;
  /** Whether there may be lines before the first. */
  readonly hasEarlier: ComputedRef<boolean>;
  /** Puts some lines before the first, if there are any. One call at a time does so. */
  readonly loadEarlier: () => Promise<void>;
}

/** The chat of the live this person is in. */
export function useChat(live: () => LiveInfo, selfId: () => string): Chat {
  const { messageList, isMessageDisabled, sendTextMessage, listEarlierMessages } = useBarrageState();
  const { currentRole } = useLiveListState();
  const lines = shallowRef<readonly ChatLine[]>([]);

  /** The earliest message that was looked at; what applications send each other counts, though it is no line. */
  const earliest = ref(Number.POSITIVE_INFINITY);
  const isAtBeginning = ref(false);
  let loading = false;

  function show(messages: readonly Barrage[]): void {
    const view = { selfId: selfId(), hostId: live().liveOwner.userId };
    lines.value = withMessages(lines.value, messages, view);
    earliest.value = Math.min(earliest.value, messages[0]?.sequence ?? earliest.value);
  }

  async function loadEarlier(): Promise<void> {
    if (loading) {
      return;
    }
    loading = true;
    try {
      const before = lines.value.length;
      while (!isAtBeginning.value && lines.value.length === before) {
        const messages = await listEarlierMessages({ sequence: earliest.value });
        isAtBeginning.value = messages.length === 0 || lines.value.length >= linesMax;
        show(messages);
      }
    } catch {
      // Whoever scrolls up again tries again.
    } finally {
      loading = false;
    }
  }

  watch(messageList, show, { immediate: true });

  const silence = computed<Silence | null>(() => {
    if (live().isMessageDisableForAllUser && currentRole.value === 'audience') {
      return 'everyone';
    }
    return isMessageDisabled.value ? 'you' : null;
  });

  return {
    lines: shallowReadonly(lines),
    silence,
    draft: useDraft((text) => sendTextMessage({ text })),
    // Fewer than a page are all there are.
    hasEarlier: computed(() => !isAtBeginning.value && messageList.value.length >= messagesMax),
    loadEarlier,
  };
}
