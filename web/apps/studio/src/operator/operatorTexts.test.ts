import { describe, expect, it } from 'vitest';
import { agoText, eventText } from './operatorTexts';

describe('agoText', () => {
  it.each([
    [-5_000, '0 s ago'],
    [4_400, '4 s ago'],
    [125_000, '2 min ago'],
    [3_700_000, '1 h ago'],
    [200_000_000, '2 d ago'],
  ])('says %d ms in one unit', (elapsed, text) => {
    expect(agoText(elapsed)).toBe(text);
  });
});

describe('eventText', () => {
  it('names the events of the contract, and gives the number of others', () => {
    expect(eventText(105)).toBe('Audience joined');
    expect(eventText(1021)).toBe('Event 1021');
  });
});
