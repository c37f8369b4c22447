import { describe, expect, it } from 'vitest';
import { askLabel, hostsLeftText, listNames, refusalText } from './coHostTexts';

describe('What is said of a request that was not sent', () => {
  it('has a sentence for every result', () => {
    const sentences = [1, 2, 3, 4, 5, -1, undefined].map((result) => refusalText(result, 'Otis'));
    expect(new Set(sentences).size).toBe(7);
    expect(sentences.every((sentence) => sentence?.endsWith('.'))).toBe(true);
  });

  it('is nothing when it was sent', () => {
    expect(refusalText(0, 'Otis')).toBeNull();
  });
});

describe('Names', () => {
  it.each([
    [['Ada'], 'Ada'],
    [['Ada', 'Ben'], 'Ada and Ben'],
    [['Ada', 'Ben', 'Cem'], 'Ada, Ben and Cem'],
    [['Ada', 'Ben', 'Cem', 'Dee'], 'Ada, Ben and 2 others'],
  ])('of %j read %s', (names, text) => {
    expect(listNames(names)).toBe(text);
  });

  it('stand on the button that asks, as long as it is one', () => {
    expect([askLabel([]), askLabel(['Ada']), askLabel(['Ada', 'Ben'])]).toEqual([
      'Choose a host',
      'Ask Ada',
      'Ask 2 hosts',
    ]);
  });

  it('stand in what is told of those who left', () => {
    expect(hostsLeftText(['Ada'], false)).toBe('Ada left the connection.');
    expect(hostsLeftText(['Ada'], true)).toBe('No longer live together with Ada.');
  });
});
