import type { LiveInfo } from '@dais/vue';
import { flushPromises } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, type EffectScope } from 'vue';
import { useLiveList, type UseLiveListReturn } from './useLiveList';

const room = { liveId: 'one' } as LiveInfo;

describe('useLiveList', () => {
  let scope: EffectScope;

  beforeEach(() => {
    vi.useFakeTimers();
    scope = effectScope();
  });
  afterEach(() => {
    scope.stop();
    vi.useRealTimers();
  });

  const use = (load: () => Promise<LiveInfo[]>): UseLiveListReturn =>
    scope.run(() => useLiveList(load)) as UseLiveListReturn;

  it('does not know the lives before the first answer', async () => {
    const list = use(() => Promise.resolve([room]));
    expect(list.lives.value).toBeNull();
    await flushPromises();
    expect(list.lives.value).toEqual([room]);
  });

  it('asks again every few seconds until it is left', async () => {
    const load = vi.fn(() => Promise.resolve([room]));
    use(load);
    await vi.advanceTimersByTimeAsync(9_100);
    expect(load).toHaveBeenCalledTimes(4);
    scope.stop();
    await vi.advanceTimersByTimeAsync(9_100);
    expect(load).toHaveBeenCalledTimes(4);
  });

  it('keeps what it shows when a try fails, and tries again', async () => {
    const load = vi.fn().mockResolvedValue([]);
    load.mockResolvedValueOnce([room]).mockRejectedValueOnce(new Error('offline'));
    const list = use(load);
    await vi.advanceTimersByTimeAsync(3_100);
    expect(list.lives.value).toEqual([room]);
    await vi.advanceTimersByTimeAsync(3_100);
    expect(list.lives.value).toEqual([]);
  });
});
