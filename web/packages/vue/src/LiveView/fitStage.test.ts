import { describe, expect, it } from 'vitest';
import { boundsOf, fitStage, showStage, within } from './fitStage';

const upright = { width: 720, height: 1280 };

describe('fitStage', () => {
  it('fills a phone held upright edge to edge', () => {
    expect(fitStage({ width: 390, height: 844 }, upright)).toEqual({ width: 390, height: 844 });
  });

  it('keeps the proportions on a wide screen', () => {
    expect(fitStage({ width: 1440, height: 800 }, upright)).toEqual({ width: 450, height: 800 });
  });

  it('keeps the proportions of a wide canvas on a phone', () => {
    expect(fitStage({ width: 390, height: 844 }, { width: 1280, height: 720 })).toEqual({ width: 390, height: 219 });
  });

  it('takes no space where there is none yet', () => {
    expect(fitStage({ width: 0, height: 0 }, upright)).toEqual({ width: 0, height: 0 });
  });
});

const left = { x: 0, y: 0.216, width: 0.5, height: 0.5 };
const right = { x: 0.5, y: 0.216, width: 0.5, height: 0.5 };

describe('showStage', () => {
  it('shows the whole canvas where it fills a phone', () => {
    const phone = { width: 390, height: 844 };
    expect(showStage(phone, upright, [left, right])).toEqual({
      size: phone,
      area: { x: 0, y: 0, width: 1, height: 1 },
      filled: true,
    });
  });

  it('shows only where people are on a wide screen, as large as it goes', () => {
    const { size, area, filled } = showStage({ width: 1000, height: 640 }, upright, [left, right]);
    expect(size).toEqual({ width: 720, height: 640 });
    expect(area).toEqual({ x: 0, y: 0.216, width: 1, height: 0.5 });
    expect(filled).toBe(false);
  });

  it('keeps the whole canvas when somebody fills it', () => {
    expect(boundsOf([{ x: 0, y: 0, width: 1, height: 1 }, right])).toEqual({ x: 0, y: 0, width: 1, height: 1 });
    expect(boundsOf([])).toEqual({ x: 0, y: 0, width: 1, height: 1 });
  });
});

describe('within', () => {
  it('keeps everything else of a region', () => {
    expect(within({ ...right, zOrder: 3 }, boundsOf([left, right]))).toEqual({
      x: 0.5,
      y: 0,
      width: 0.5,
      height: 1,
      zOrder: 3,
    });
  });
});
