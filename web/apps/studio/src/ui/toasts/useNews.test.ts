import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref, type EffectScope } from 'vue';
import { useNews, type Tell } from './useNews';
import { createToasts, type Toasts } from './useToasts';

describe('The news of a page', () => {
  let page: EffectScope;
  let toasts: Toasts;
  let tell: Tell;
  const shown = (): string[] => toasts.toasts.value.map(({ text }) => text);

  beforeEach(() => {
    vi.useFakeTimers();
    page = effectScope();
    toasts = createToasts();
    tell = page.run(() => useNews(toasts)) as Tell;
  });
  afterEach(() => {
    page.stop();
    vi.useRealTimers();
  });

  it('goes the moment it is no longer true', async () => {
    const onStage = ref(true);
    tell('You are on stage now.', 'stageUp', () => onStage.value);
    tell('Link copied.');
    expect(shown()).toEqual(['You are on stage now.', 'Link copied.']);
    onStage.value = false;
    await nextTick();
    expect(shown()).toEqual(['Link copied.']);
  });

  it('goes by itself even when it stays true', () => {
    tell('You are on stage now.', 'stageUp', () => true);
    vi.advanceTimersByTime(5_000);
    expect(shown()).toEqual([]);
  });

  it('is not told when it has been overtaken already', () => {
    tell('You are on stage now.', 'stageUp', () => false);
    expect(shown()).toEqual([]);
  });

  it('goes with the page', () => {
    tell('Ada left the stage.');
    page.stop();
    expect(shown()).toEqual([]);
  });
});
