import { hueOf } from '@dais/vue';

/** Pairs of hues, in degrees, that look well together in stage light: mostly warm, each with a contrast. */
const lights: readonly (readonly [number, number])[] = [
  [55, 15],
  [35, 350],
  [70, 165],
  [20, 295],
  [60, 265],
  [85, 210],
  [345, 280],
  [12, 70],
  [160, 80],
  [250, 320],
];

/** The picture of a room that brought none: two lights on a dark wall and their glow on the floor. */
export function coverOf(roomId: string): string {
  const [near, far] = lights[hueOf(roomId) % lights.length] ?? [55, 15];
  const left = 10 + (hueOf(`${roomId} left`) % 30);
  const right = 64 + (hueOf(`${roomId} right`) % 30);
  return [
    `radial-gradient(110% 78% at ${left}% -6%, oklch(0.74 0.16 ${near}), transparent 74%)`,
    `radial-gradient(90% 70% at ${right}% 4%, oklch(0.62 0.17 ${far} / 0.85), transparent 72%)`,
    `radial-gradient(130% 46% at 50% 108%, oklch(0.56 0.13 ${near} / 0.9), transparent 78%)`,
    `linear-gradient(oklch(0.36 0.07 ${far}), oklch(0.24 0.05 ${near}))`,
  ].join(', ');
}
