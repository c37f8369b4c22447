import { describe, expect, it, vi } from 'vitest';
import { EventHub } from './eventHub';

describe('EventHub', () => {
  it('tells everyone who subscribed, in their order', () => {
    const hub = new EventHub<{ greet: string }>();
    const heard: string[] = [];
    hub.subscribeEvent('greet', (name) => heard.push(`first ${name}`));
    hub.subscribeEvent('greet', (name) => heard.push(`second ${name}`));
    hub.raise('greet', 'Ada');
    expect(heard).toEqual(['first Ada', 'second Ada']);
  });

  it('tells nobody who has unsubscribed', () => {
    const hub = new EventHub<{ greet: string }>();
    const callback = vi.fn();
    hub.subscribeEvent('greet', callback);
    hub.unsubscribeEvent('greet', callback);
    hub.raise('greet', 'Ada');
    expect(callback).not.toHaveBeenCalled();
  });

  it('removes nothing for a callback it does not know', () => {
    const hub = new EventHub<{ greet: string }>();
    const callback = vi.fn();
    hub.subscribeEvent('greet', callback);
    hub.unsubscribeEvent('greet', () => undefined);
    hub.raise('greet', 'Ada');
    expect(callback).toHaveBeenCalledOnce();
  });

  it('lets nobody be disturbed by one who throws', async () => {
    const hub = new EventHub<{ greet: string }>();
    const callback = vi.fn();
    const uncaught: unknown[] = [];
    const listen = (error: unknown): void => void uncaught.push(error);
    const before = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', listen);
    hub.subscribeEvent('greet', () => {
      throw new Error('mine');
    });
    hub.subscribeEvent('greet', callback);
    hub.raise('greet', 'Ada');
    await new Promise((resolve) => setImmediate(resolve));
    process.removeListener('uncaughtException', listen);
    before.forEach((listener) => process.on('uncaughtException', listener));
    expect(callback).toHaveBeenCalledOnce();
    expect(uncaught).toEqual([new Error('mine')]);
  });
});
