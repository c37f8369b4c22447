const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** A head count as it fits on a badge: 12, 1.2K, 3.4M. */
export function shortCount(count: number): string {
  return compact.format(count);
}
