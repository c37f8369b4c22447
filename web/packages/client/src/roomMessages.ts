import type { RoomMessage } from './protocol.gen.js';

/** How many messages a room's state holds at most. */
export const messagesMax = 50;

/** The latest of `known` and `more`, each once, in the order of the room. Pure. */
export function mergeMessages(known: readonly RoomMessage[], more: readonly RoomMessage[]): RoomMessage[] {
  const bySeq = new Map([...known, ...more].map((message) => [message.seq, message]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq).slice(-messagesMax);
}
