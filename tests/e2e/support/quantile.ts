/** The smallest of some values that at least this part of them does not exceed (nearest rank). */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const found = sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)];
  if (found === undefined) {
    throw new Error('There is no quantile of no values.');
  }
  return found;
}
