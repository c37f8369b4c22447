import { expect, it, vi } from 'vitest';
import { Store } from '../src/store.js';

it('Tells every listener of a new value, in the order they came', () => {
  const told: string[] = [];
  const store = new Store(1);
  store.subscribe((value) => told.push(`first ${value}`));
  store.subscribe((value) => told.push(`second ${value}`));
  store.set(2);
  expect(told).toEqual(['first 2', 'second 2']);
});

it('Is silent when the value stays the same', () => {
  const listener = vi.fn();
  const store = new Store('same');
  store.subscribe(listener);
  store.set('same');
  expect(listener).not.toHaveBeenCalled();
});

it('Forgets a listener that has left, and only that one', () => {
  const listener = vi.fn();
  const store = new Store(1);
  const leave = store.subscribe(listener);
  store.subscribe(listener);
  leave();
  store.set(2);
  expect(listener).toHaveBeenCalledTimes(1);
});

it('Reports a listener that throws without disturbing the others', () => {
  const microtasks = vi.spyOn(globalThis, 'queueMicrotask').mockImplementation(() => {});
  const listener = vi.fn();
  const store = new Store(1);
  store.subscribe(() => {
    throw new Error('broken listener');
  });
  store.subscribe(listener);
  store.set(2);
  expect(listener).toHaveBeenCalledWith(2);
  expect(() => microtasks.mock.calls[0]?.[0]()).toThrow('broken listener');
  microtasks.mockRestore();
});
