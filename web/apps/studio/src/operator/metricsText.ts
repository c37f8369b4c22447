/** One series: its labels and its value. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Metrics by name. */
export type Metrics = ReadonlyMap<string, readonly Series[]>;

const line = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)",?/g;

/** Reads the text format of Prometheus; a line that is none is passed over. */
export function parseMetrics(text: string): Metrics {
  const metrics = new Map<string, Series[]>();
  for (const each of text.split('\n')) {
    const match = each.startsWith('#') ? null : line.exec(each);
    const [, name, written = '', value] = match ?? [];
    if (name === undefined || value === undefined) {
      continue;
    }
    const labels: Record<string, string> = {};
    for (const [, key = '', content = ''] of written.matchAll(label)) {
      labels[key] = content.replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));
    }
    const series = metrics.get(name) ?? [];
    series.push({ labels, value: numberOf(value) });
    metrics.set(name, series);
  }
  return metrics;
}

const numberOf = (text: string): number =>
  text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text);

/** The sum of a metric over its series; null when there is none. */
export function sumOf(metrics: Metrics, name: string): number | null {
  const series = metrics.get(name);
  return series === undefined ? null : series.reduce((sum, each) => sum + each.value, 0);
}

/** The highest value of a metric; null when there is none. */
export function maxOf(metrics: Metrics, name: string): number | null {
  const series = metrics.get(name);
  return series === undefined ? null : Math.max(...series.map((each) => each.value));
}

/**
 * The upper end of the range in which the given share of a histogram's new values lies; null when there are no new
 * ones, Infinity when it is above every range.
 */
export function quantileOf(before: Metrics, now: Metrics, name: string, share: number): number | null {
  const countsOf = (metrics: Metrics): Map<number, number> => {
    const counts = new Map<number, number>();
    for (const { labels, value } of metrics.get(`${name}_bucket`) ?? []) {
      const end = numberOf(labels['le'] ?? '');
      counts.set(end, (counts.get(end) ?? 0) + value);
    }
    return counts;
  };
  const earlier = countsOf(before);
  const fresh = [...countsOf(now)]
    .map(([end, count]) => ({ end, count: count - (earlier.get(end) ?? 0) }))
    .sort((left, right) => left.end - right.end);
  const total = fresh.at(-1)?.count ?? 0;
  return total <= 0 ? null : (fresh.find(({ count }) => count >= share * total)?.end ?? null);
}
