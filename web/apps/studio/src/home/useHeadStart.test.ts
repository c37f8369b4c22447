import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, type EffectScope } from 'vue';
import { useHeadStart, type UseHeadStartReturn } from './useHeadStart';

describe('useHeadStart', () => {
  let scope: EffectScope;
  let headStart: UseHeadStartReturn;
  const prepare = vi.fn();
  const drop = vi.fn();

  beforeEach(() => {
    vi.useFakeTimers();
    prepare.mockReset();
    drop.mockReset();
    scope = effectScope();
    headStart = scope.run(() => useHeadStart({ prepare, drop })) as UseHeadStartReturn;
  });
  afterEach(() => {
    scope.stop();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('gets ready for a live a pointer rests on, and for none it passes over', () => {
    headStart.near('passed', false);
    vi.advanceTimersByTime(30);
    headStart.away();
    headStart.near('rested', false);
    vi.advanceTimersByTime(60);
    expect(prepare.mock.calls).toEqual([['rested']]);
  });

  it('waits for nothing when somebody touches or chooses one', () => {
    headStart.near('live', true);
    expect(prepare).toHaveBeenCalledWith('live');
  });

  it('lets go of one for the next, and not of the same', () => {
    headStart.near('first', true);
    headStart.near('first', true);
    expect(drop).not.toHaveBeenCalled();
    headStart.near('second', true);
    expect(drop.mock.calls).toEqual([['first']]);
  });

  it('gets ready for nothing where data is to be saved', () => {
    vi.stubGlobal('navigator', { connection: { saveData: true } });
    headStart.near('live', true);
    headStart.near('live', false);
    vi.advanceTimersByTime(60);
    expect(prepare).not.toHaveBeenCalled();
  });

  it('gets ready for nothing once the page is left', () => {
    headStart.near('live', false);
    scope.stop();
    vi.advanceTimersByTime(60);
    expect(prepare).not.toHaveBeenCalled();
  });
});
