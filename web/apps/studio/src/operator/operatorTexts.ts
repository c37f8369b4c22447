const eventNames: Readonly<Record<number, string>> = {
  101: 'Room created',
  102: 'Room destroyed',
  103: 'Broadcaster joined',
  104: 'Broadcaster left',
  105: 'Audience joined',
  106: 'Audience left',
  111: 'Became broadcaster',
  112: 'Became audience',
  1000: 'Test',
};

/** The event of a notice in words; its number when it is an extended one. */
export function eventText(eventType: number): string {
  return eventNames[eventType] ?? `Event ${eventType}`;
}

/** How long ago something was, in one unit: 4 s ago, 12 min ago, 3 h ago, 2 d ago. */
export function agoText(elapsedMs: number): string {
  const seconds = Math.max(0, Math.round(elapsedMs / 1000));
  const [unit, size] =
    seconds < 60 ? ['s', 1] : seconds < 3_600 ? ['min', 60] : seconds < 172_800 ? ['h', 3_600] : ['d', 86_400];
  return `${Math.floor(seconds / Number(size))} ${unit} ago`;
}
