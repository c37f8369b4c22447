import { maxOf, quantileOf, sumOf, type Metrics } from './metricsText';

/** What was read of the metrics at a moment. */
export interface Reading {
  readonly at: number;
  readonly metrics: Metrics;
}

/** A number of the server's health, in words. */
export interface HealthNumber {
  readonly name: string;
  readonly value: string;
  /** What the number is part of, or made of. */
  readonly note: string;
  /** Whether somebody should look at it. */
  readonly alarming: boolean;
}

const counts = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const none = '–';

/** The health of the server by two readings; without the earlier one, rates are not known yet. */
export function healthOf(before: Reading | null, now: Reading): readonly HealthNumber[] {
  const { metrics } = now;
  const seconds = before === null ? 0 : (now.at - before.at) / 1000;
  const rate = (name: string): number | null => {
    const [earlier, later] = [before === null ? null : sumOf(before.metrics, name), sumOf(metrics, name)];
    return earlier === null || later === null || later < earlier || seconds <= 0 ? null : (later - earlier) / seconds;
  };
  const connections = sumOf(metrics, 'dais_signaling_connections') ?? 0;
  const limit = sumOf(metrics, 'dais_signaling_connections_limit') ?? 0;
  const commit =
    before === null ? null : quantileOf(before.metrics, metrics, 'dais_log_append_duration_seconds', 0.99);
  const busy = rate('dais_media_worker_busy_seconds_total');
  const workers = sumOf(metrics, 'dais_media_workers') ?? 1;
  const loss = maxOf(metrics, 'dais_media_loss_ratio');
  const lag = sumOf(metrics, 'dais_webhooks_lag_seconds') ?? 0;
  const parked = sumOf(metrics, 'dais_webhooks_parked') ?? 0;

  return [
    {
      name: 'Connections',
      value: counts.format(connections),
      note: `of ${counts.format(limit)}`,
      alarming: limit > 0 && connections > 0.9 * limit,
    },
    {
      name: 'Calls',
      value: perSecond(rate('dais_signaling_calls_total')),
      note: `${counts.format(sumOf(metrics, 'dais_members') ?? 0)} members`,
      alarming: false,
    },
    {
      name: 'Commit, p99',
      value: commit === null ? none : commit === Infinity ? '> 10 s' : `≤ ${duration(commit)}`,
      note: `${perSecond(rate('dais_log_events_total'))} events`,
      alarming: commit !== null && commit > 0.1,
    },
    {
      name: 'Media in',
      value: bitrate(rate('dais_media_received_bytes_total')),
      note: `${counts.format(sumOf(metrics, 'dais_media_transports') ?? 0)} transports`,
      alarming: false,
    },
    {
      name: 'Media out',
      value: bitrate(rate('dais_media_forwarded_bytes_total')),
      note: loss === null ? 'no receivers' : `${(loss * 100).toFixed(1)} % lost`,
      alarming: loss !== null && loss > 0.05,
    },
    {
      name: 'Workers busy',
      value: busy === null ? none : `${Math.round((busy / Math.max(workers, 1)) * 100)} %`,
      note: workers === 1 ? '1 worker' : `${workers} workers`,
      alarming: busy !== null && busy / Math.max(workers, 1) > 0.8,
    },
    {
      name: 'Webhook lag',
      value: lag === 0 ? 'none' : duration(lag),
      note: parked === 0 ? 'nothing parked' : `${counts.format(parked)} parked`,
      alarming: lag > 60 || parked > 0,
    },
    {
      name: 'Memory',
      value: bytes(sumOf(metrics, 'dotnet_process_memory_working_set_bytes')),
      note: `${bytes(sumOf(metrics, 'dotnet_gc_last_collection_heap_size_bytes'))} heap`,
      alarming: false,
    },
  ];
}

function perSecond(rate: number | null): string {
  return rate === null ? none : `${rate < 10 ? rate.toFixed(1) : counts.format(rate)}/s`;
}

function bitrate(bytesPerSecond: number | null): string {
  if (bytesPerSecond === null) {
    return none;
  }
  const bits = bytesPerSecond * 8;
  if (bits < 1e6) {
    return `${Math.round(bits / 1e3)} kbit/s`;
  }
  return bits < 1e9 ? `${(bits / 1e6).toFixed(1)} Mbit/s` : `${(bits / 1e9).toFixed(1)} Gbit/s`;
}

function duration(seconds: number): string {
  if (seconds < 1) {
    return `${Number((seconds * 1000).toPrecision(2))} ms`;
  }
  return seconds < 120 ? `${seconds.toFixed(0)} s` : `${Math.round(seconds / 60)} min`;
}

function bytes(count: number | null): string {
  return count === null ? none : count < 1e9 ? `${Math.round(count / 1e6)} MB` : `${(count / 1e9).toFixed(1)} GB`;
}
