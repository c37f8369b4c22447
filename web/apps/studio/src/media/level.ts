/** Quietest and loudest level the meter shows, in decibels below full scale. */
const floorDb = -60;
const ceilingDb = -12;

/** Loudness of samples in -1..1 as a meter shows it, 0..1. */
export function levelOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) {
    sum += sample * sample;
  }
  const rootMeanSquare = Math.sqrt(sum / Math.max(1, samples.length));
  const db = 20 * Math.log10(Math.max(rootMeanSquare, 1e-6));
  return Math.min(1, Math.max(0, (db - floorDb) / (ceilingDb - floorDb)));
}

/** Rises at once and falls slowly, as an eye expects of a meter. */
export function smoothLevel(before: number, now: number): number {
  return now > before ? now : before * 0.88 + now * 0.12;
}
