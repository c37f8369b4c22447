import { describe, expect, it } from 'vitest';
import { fitStage } from './fitStage';

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
