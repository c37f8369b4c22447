import type { RoomInfo } from '@dais/client';
import { flushPromises } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, type EffectScope } from 'vue';
import { useLiveList, type UseLiveListReturn } from './useLiveList';

const room = { roomId: 'one' } as RoomInfo;

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

  const use = (load: () => Promise<RoomInfo[]>): UseLiveListReturn =>
    scope.run(() => useLiveList(load)) as UseLiveListReturn;

  it('does not know the rooms before the first answer', async () => {
    const list = use(() => Promise.resolve([room]));
    expect(list.rooms.value).toBeNull();
    await flushPromises();
    expect(list.rooms.value).toEqual([room]);
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

  it('keeps what it shows when a try fails, and says that it is old', async () => {
    const load = vi.fn().mockResolvedValueOnce([room]).mockRejectedValueOnce(new Error('offline'));
    const list = use(load);
    await vi.advanceTimersByTimeAsync(3_100);
    expect(list.rooms.value).toEqual([room]);
    expect(list.stale.value).toBe(true);
  });
});
