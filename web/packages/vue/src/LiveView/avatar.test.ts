import { describe, expect, it } from 'vitest';
import { hueOf, initialsOf } from './avatar';

describe('initialsOf', () => {
  it.each([
    ['Ada', 'A'],
    ['ada king lovelace', 'AL'],
    ['  ', '•'],
    ['😀 Smile', '😀S'],
  ])('shortens "%s" to %s', (name, initials) => {
    expect(initialsOf(name)).toBe(initials);
  });
});

describe('hueOf', () => {
  it('is the same for the same id and stays on the wheel', () => {
    expect(hueOf('ada')).toBe(hueOf('ada'));
    expect(hueOf('ada')).toBeGreaterThanOrEqual(0);
    expect(hueOf('ada')).toBeLessThan(360);
  });
});
