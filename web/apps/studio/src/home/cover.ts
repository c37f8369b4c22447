import { hashOf } from '../ui/avatar';

/**
 * The picture of a room that brought none: two stage lights on a dark wall, in colours of its id's own.
 * The hues keep to the warm half of the wheel and one contrast, so that a wall of covers looks like one house.
 */
export function coverOf(roomId: string): string {
  const hash = hashOf(roomId);
  const hue = hash % 360;
  const second = (hue + 40 + ((hash >>> 9) % 60)) % 360;
  const left = 18 + ((hash >>> 16) % 24);
  const right = 62 + ((hash >>> 21) % 26);
  return [
    `radial-gradient(95% 70% at ${left}% 0%, oklch(0.68 0.15 ${hue} / 0.95), transparent 72%)`,
    `radial-gradient(80% 62% at ${right}% 8%, oklch(0.62 0.14 ${second} / 0.8), transparent 70%)`,
    `radial-gradient(120% 36% at 50% 104%, oklch(0.5 0.11 ${hue} / 0.75), transparent 76%)`,
    `linear-gradient(oklch(0.24 0.045 ${hue}), oklch(0.17 0.03 ${second}))`,
  ].join(', ');
}
