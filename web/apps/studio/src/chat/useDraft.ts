import { readonly, ref, type Ref } from 'vue';
import { refusalText } from './chatTexts';

/** What {@link useDraft} returns. */
export interface UseDraftReturn {
  /** What is being written. */
  readonly text: Readonly<Ref<string>>;
  readonly sending: Readonly<Ref<boolean>>;
  /** Why the last try failed, until something else is written. */
  readonly refusal: Readonly<Ref<string | null>>;
  readonly write: (text: string) => void;
  /** Sends what is written, if that is anything; it stays until the server has taken it. */
  readonly submit: () => Promise<void>;
}

/** What someone is about to say: never lost to a refusal, nor to their writing on while it is sent. */
export function useDraft(send: (text: string) => Promise<void>): UseDraftReturn {
  const text = ref('');
  const sending = ref(false);
  const refusal = ref<string | null>(null);

  function write(written: string): void {
    text.value = written;
    refusal.value = null;
  }

  async function submit(): Promise<void> {
    const written = text.value;
    const message = written.trim();
    if (message === '' || sending.value) {
      return;
    }
    sending.value = true;
    refusal.value = null;
    try {
      await send(message);
      text.value = text.value.startsWith(written) ? text.value.slice(written.length).trimStart() : text.value;
    } catch (error) {
      refusal.value = refusalText(error);
    }
    sending.value = false;
  }

  return { text: readonly(text), write, sending: readonly(sending), refusal: readonly(refusal), submit };
}
