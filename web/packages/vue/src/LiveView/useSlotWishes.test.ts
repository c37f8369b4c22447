import type { Room, SlotWish } from '@dais/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref, shallowRef, type EffectScope } from 'vue';
import type { ShownTile } from './slotWishes';
import { useSlotWishes } from './useSlotWishes';

let scope: EffectScope;
let told: SlotWish[][];
let intersect: (isIntersecting: boolean) => void;
const room = () => ({ prefer: (wishes: SlotWish[]) => (told.push(wishes), Promise.resolve()) }) as unknown as Room;
const region = { x: 0, y: 0, width: 1, height: 1, zOrder: 0 };
const tile = (slot: number): ShownTile => ({ slot, isSelf: false, region, stream: null });

const sources = {
  room: shallowRef<Room | null>(null),
  tiles: shallowRef<ShownTile[]>([]),
  size: shallowRef({ width: 0, height: 0 }),
  element: ref<HTMLElement | null>(null),
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('devicePixelRatio', 1);
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      observe = (): void => {};
      unobserve = (): void => {};
      disconnect = (): void => {};
      constructor(callback: (entries: { isIntersecting: boolean }[]) => void) {
        intersect = (isIntersecting) => callback([{ isIntersecting }]);
      }
    },
  );
  told = [];
  sources.room.value = room();
  sources.tiles.value = [tile(0)];
  sources.size.value = { width: 320, height: 180 };
  scope = effectScope();
  scope.run(() => useSlotWishes(sources));
});
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function settle(ms = 200): Promise<void> {
  await nextTick();
  vi.advanceTimersByTime(ms);
}

async function look(state: 'visible' | 'hidden'): Promise<void> {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
  document.dispatchEvent(new Event('visibilitychange'));
  await settle();
}

describe('Slot wishes', () => {
  it('are told once the stage is laid out, and then only when they change', async () => {
    await settle();
    expect(told).toEqual([[{ slot: 0, maxHeight: 180, paused: false }]]);
    await settle(10_000);
    expect(told).toHaveLength(1);
    sources.tiles.value = [tile(0), tile(1)];
    await settle();
    expect(told[1]).toEqual([{ slot: 1, maxHeight: 180, paused: false }]);
  });

  it('wait until a window that is dragged larger has found its size', async () => {
    await settle();
    for (let height = 200; height <= 720; height += 20) {
      sources.size.value = { width: height, height };
      await settle(20);
    }
    await settle();
    expect(told).toHaveLength(2);
    expect(told[1]).toEqual([{ slot: 0, maxHeight: 720, paused: false }]);
  });

  it('are for nothing while the stage is scrolled away or the page is in the background', async () => {
    await settle();
    intersect(false);
    await settle();
    expect(told.at(-1)).toEqual([{ slot: 0, maxHeight: 0, paused: true }]);
    intersect(true);
    await settle();
    expect(told.at(-1)).toEqual([{ slot: 0, maxHeight: 180, paused: false }]);
    await look('hidden');
    expect(told.at(-1)).toEqual([{ slot: 0, maxHeight: 0, paused: true }]);
    await look('visible');
    expect(told.at(-1)).toEqual([{ slot: 0, maxHeight: 180, paused: false }]);
  });

  it('are told anew in another room', async () => {
    await settle();
    sources.room.value = room();
    await settle();
    expect(told).toHaveLength(2);
    expect(told[1]).toEqual(told[0]);
  });

  it('are taken back when the stage is not shown by this view any more', async () => {
    await settle();
    scope.stop();
    expect(told.at(-1)).toEqual([{ slot: 0, maxHeight: 0, paused: false }]);
  });
});
