/** Up to two letters that stand for a name; a bullet when the name has none. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const first = words[0];
  if (first === undefined) {
    return '•';
  }
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  return [first, last].map((word) => (word === undefined ? '' : ([...word][0] ?? ''))).join('').toUpperCase();
}

/**
 * Spreads any text over the numbers 0..2^32-1, the same on every machine: FNV-1a (32 bit), then mixed once more,
 * because FNV leaves short ids that differ in one letter close together.
 */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The hue, in degrees, that belongs to an id. */
export function hueOf(id: string): number {
  return hashOf(id) % 360;
}
