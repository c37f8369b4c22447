import { describe, expect, it } from 'vitest';
import { samplesMax, withSample, type AudienceHistory } from './audienceHistory';
import { along, countAxis, timeAxis } from './plotScale';

const labels = (axis: { ticks: readonly { label: string }[] }): string[] => axis.ticks.map((tick) => tick.label);

describe('countAxis', () => {
  it.each([
    [0, ['0', '1']],
    [3, ['0', '1', '2', '3']],
    [17, ['0', '5', '10', '15', '20']],
    [1284, ['0', '500', '1K', '1.5K']],
    [9210, ['0', '5K', '10K']],
  ])('goes from zero to a round number above %d', (max, expected) => {
    const axis = countAxis(max);
    expect(labels(axis)).toEqual(expected);
    expect(axis.to).toBeGreaterThanOrEqual(max);
  });
});

describe('timeAxis', () => {
  const noon = Date.UTC(2026, 10, 21, 12, 0, 0);

  it('marks whole steps of the clock', () => {
    const axis = timeAxis(noon + 61_000, noon + 600_000, 6, 0);
    expect(labels(axis)).toEqual(['12:02', '12:04', '12:06', '12:08', '12:10']);
  });

  it('says seconds where minutes would be too coarse', () => {
    expect(labels(timeAxis(noon, noon + 30_000, 4, 0))).toEqual(['12:00:00', '12:00:10', '12:00:20', '12:00:30']);
  });

  it('has few marks for a long time too, at local hours', () => {
    const axis = timeAxis(noon, noon + 30 * 3_600_000, 5, 1_800_000);
    expect(axis.ticks.length).toBeLessThanOrEqual(5);
    expect(labels(axis).every((label) => label.endsWith(':00'))).toBe(true);
  });

  it('places a value along itself', () => {
    expect(along(timeAxis(noon, noon + 1_000, 4, 0), noon + 250)).toBe(0.25);
  });
});

describe('withSample', () => {
  it('keeps a bounded number of samples, the whole time, and every peak', () => {
    let history: AudienceHistory = [];
    for (let index = 0; index < 5_000; index++) {
      history = withSample(history, { at: index + 1, audience: index === 1234 ? 99 : 5 });
    }
    expect(history.length).toBeLessThanOrEqual(samplesMax);
    expect(history[0]?.at).toBeLessThan(20);
    expect(history.at(-1)?.at).toBe(5_000);
    expect(history.some((sample) => sample.audience === 99)).toBe(true);
  });

  it('takes no sample from the past', () => {
    const history = withSample([], { at: 10, audience: 1 });
    expect(withSample(history, { at: 10, audience: 2 })).toBe(history);
  });
});
