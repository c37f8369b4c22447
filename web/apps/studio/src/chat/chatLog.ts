import { BarrageType, type Barrage, type LiveUserInfo } from '@dais/vue';

/** A line of the chat. */
export interface ChatLine {
  /** Its place in the live: later lines have higher numbers. */
  readonly sequence: number;
  readonly author: LiveUserInfo;
  readonly text: string;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly isOwn: boolean;
  readonly isHost: boolean;
}

/** Who looks at the chat, and whose live it is. */
export interface ChatView {
  readonly selfId: string;
  readonly hostId: string;
}

/** How many lines a page keeps, and draws. */
export const linesMax = 150;

/**
 * The latest of what is kept and what is known now, each message once and in the order of the live; `kept` itself when
 * nothing is new. What applications send each other besides texts is not to be read.
 */
export function withMessages(
  kept: readonly ChatLine[],
  messages: readonly Barrage[],
  view: ChatView,
  max = linesMax,
): readonly ChatLine[] {
  const known = new Set(kept.map(({ sequence }) => sequence));
  const oldest = kept.length < max ? 0 : (kept[0]?.sequence ?? 0);
  const isNew = ({ sequence, messageType }: Barrage): boolean =>
    messageType === BarrageType.text && sequence > oldest && !known.has(sequence);
  const fresh = messages.filter(isNew).map((message) => lineOf(message, view));
  return fresh.length === 0 ? kept : [...kept, ...fresh].sort((a, b) => a.sequence - b.sequence).slice(-max);
}

/** How many lines of others came after the one that was seen last. */
export function unreadAfter(lines: readonly ChatLine[], seen: number): number {
  return lines.filter(({ sequence, isOwn }) => sequence > seen && !isOwn).length;
}

function lineOf({ sequence, sender, textContent, timestampInSecond }: Barrage, { selfId, hostId }: ChatView): ChatLine {
  return {
    sequence,
    author: sender,
    text: textContent,
    at: timestampInSecond * 1_000,
    isOwn: sender.userId === selfId,
    isHost: sender.userId === hostId,
  };
}
