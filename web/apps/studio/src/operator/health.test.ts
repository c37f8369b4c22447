import { describe, expect, it } from 'vitest';
import { healthOf, type HealthNumber } from './health';
import { maxOf, parseMetrics, quantileOf, sumOf } from './metricsText';

const text = `# HELP a_total What.
# TYPE a_total counter
a_total{method="say \\"hi\\"",outcome="a\\\\b"} 3
a_total{method="x",outcome="ok"} 4
nonsense here is no line
b 2.5e3
h_bucket{le="0.01"} 90
h_bucket{le="0.1"} 99
h_bucket{le="+Inf"} 100
h_count 100
`;

const named = (numbers: readonly HealthNumber[], name: string): HealthNumber | undefined =>
  numbers.find((number) => number.name === name);

describe('parseMetrics', () => {
  it('reads names, labels and values', () => {
    const metrics = parseMetrics(text);
    expect(metrics.get('a_total')?.[0]).toEqual({ labels: { method: 'say "hi"', outcome: 'a\\b' }, value: 3 });
    expect(sumOf(metrics, 'a_total')).toBe(7);
    expect(maxOf(metrics, 'a_total')).toBe(4);
    expect(sumOf(metrics, 'b')).toBe(2500);
    expect(sumOf(metrics, 'c')).toBeNull();
  });

  it('finds where a share of the new values lies', () => {
    const before = parseMetrics('h_bucket{le="0.01"} 90\nh_bucket{le="0.1"} 90\nh_bucket{le="+Inf"} 90\n');
    expect(quantileOf(before, parseMetrics(text), 'h', 0.5)).toBe(0.1);
    expect(quantileOf(before, parseMetrics(text), 'h', 0.99)).toBe(Infinity);
    expect(quantileOf(parseMetrics(''), parseMetrics(text), 'h', 0.5)).toBe(0.01);
    expect(quantileOf(before, before, 'h', 0.5)).toBeNull();
  });
});

describe('healthOf', () => {
  const reading = (at: number, calls: number, more = '') => ({
    at,
    metrics: parseMetrics(`dais_signaling_calls_total{method="room.join",outcome="ok"} ${calls}\n${more}`),
  });

  it('gives rates between two readings, and none from one', () => {
    expect(named(healthOf(null, reading(0, 10)), 'Calls')?.value).toBe('–');
    expect(named(healthOf(reading(0, 10), reading(5_000, 35)), 'Calls')?.value).toBe('5.0/s');
  });

  it('gives no rate across a restart of the server', () => {
    expect(named(healthOf(reading(0, 1_000), reading(5_000, 3)), 'Calls')?.value).toBe('–');
  });

  it('marks what somebody should look at', () => {
    const bad = 'dais_webhooks_parked 3\ndais_signaling_connections 95\ndais_signaling_connections_limit 100\n';
    const numbers = healthOf(null, reading(0, 1, bad));
    expect(named(numbers, 'Webhook lag')).toMatchObject({ alarming: true, note: '3 parked' });
    expect(named(numbers, 'Connections')?.alarming).toBe(true);
    expect(named(healthOf(null, reading(0, 1)), 'Webhook lag')?.alarming).toBe(false);
  });
});
