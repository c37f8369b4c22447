const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
const length = 10;

/** A short address for a new room, without letters that are mistaken for one another. */
export function createRoomId(random: (count: number) => Uint8Array): string {
  return [...random(length)].map((byte) => alphabet[byte % alphabet.length]).join('');
}
