import { useBarrageState, useLiveListState, type LiveInfo } from '@dais/vue';
import { computed, shallowReadonly, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import { withMessages, type ChatLine } from './chatLog';
import type { Silence } from './chatTexts';
import { useDraft, type UseDraftReturn } from './useDraft';

/** The chat of a live, as one person has it. */
export interface Chat {
  /** The latest lines, the newest last. */
  readonly lines: Readonly<ShallowRef<readonly ChatLine[]>>;
  /** Why this person may not write; null when they may. */
  readonly silence: ComputedRef<Silence | null>;
  readonly draft: UseDraftReturn;
}

/** The chat of the live this person is in. */
export function useChat(live: () => LiveInfo, selfId: () => string): Chat {
  const { messageList, isMessageDisabled, sendTextMessage } = useBarrageState();
  const { currentRole } = useLiveListState();
  const lines = shallowRef<readonly ChatLine[]>([]);

  watch(
    messageList,
    (messages) => {
      const view = { selfId: selfId(), hostId: live().liveOwner.userId };
      lines.value = withMessages(lines.value, messages, view);
    },
    { immediate: true },
  );

  const silence = computed<Silence | null>(() => {
    if (live().isMessageDisableForAllUser && currentRole.value === 'audience') {
      return 'everyone';
    }
    return isMessageDisabled.value ? 'you' : null;
  });

  return { lines: shallowReadonly(lines), silence, draft: useDraft((text) => sendTextMessage({ text })) };
}
