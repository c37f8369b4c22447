import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createToasts } from './useToasts';

describe('toasts', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('go away by themselves', () => {
    const { toasts, show } = createToasts();
    show('Ada left the stage.');
    expect(toasts.value.map((toast) => toast.text)).toEqual(['Ada left the stage.']);
    vi.advanceTimersByTime(5_000);
    expect(toasts.value).toEqual([]);
  });

  it('say the same sentence once', () => {
    const { toasts, show } = createToasts();
    show('One');
    show('Two');
    show('One');
    expect(toasts.value.map((toast) => toast.text)).toEqual(['Two', 'One']);
  });

  it('are at most three', () => {
    const { toasts, show } = createToasts();
    ['1', '2', '3', '4'].forEach((text) => show(text));
    expect(toasts.value.map((toast) => toast.text)).toEqual(['2', '3', '4']);
  });
});
