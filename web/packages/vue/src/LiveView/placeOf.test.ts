import { describe, expect, it } from 'vitest';
import { placeOf } from './placeOf';

describe('placeOf', () => {
  it('puts someone alone edge to edge', () => {
    const place = placeOf({ x: 0, y: 0, width: 1, height: 1, zOrder: 0 });
    expect(place).toEqual({ left: '0%', top: '0%', width: '100%', height: '100%', zIndex: 0 });
  });

  it('keeps everyone else clear of the controls', () => {
    const place = placeOf({ x: 2 / 3, y: 0.216, width: 1 / 3, height: 0.1875, zOrder: 1 });
    expect(place.left).toBe('66.6667%');
    expect(place.top).toBe('calc(var(--stage-top) + (100% - var(--stage-top) - var(--stage-bottom)) * 0.216)');
    expect(place.height).toBe('calc((100% - var(--stage-top) - var(--stage-bottom)) * 0.1875)');
    expect(place.zIndex).toBe(1);
  });
});
