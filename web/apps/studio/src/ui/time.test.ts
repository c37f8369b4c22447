import { describe, expect, it } from 'vitest';
import { formatElapsed, secondsUntil } from './time';

describe('formatElapsed', () => {
  it.each([
    [-5, '0:00'],
    [7_900, '0:07'],
    [750_000, '12:30'],
    [3_723_000, '1:02:03'],
  ])('shows %i ms as %s', (elapsedMs, shown) => {
    expect(formatElapsed(elapsedMs)).toBe(shown);
  });
});

describe('secondsUntil', () => {
  it('rounds up, so that zero means over', () => {
    expect(secondsUntil(10_001, 10_000)).toBe(1);
    expect(secondsUntil(10_000, 10_000)).toBe(0);
    expect(secondsUntil(9_000, 10_000)).toBe(0);
  });

  it('has no end where the server set none', () => {
    expect(secondsUntil(null, 10_000)).toBeNull();
  });
});
