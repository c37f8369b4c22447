import { describe, expect, it, vi } from 'vitest';
import { EventHub } from '../src/eventHub.js';
import { settle } from './scene.js';

interface Events {
  here: number;
  there: number;
}

describe('Events', () => {
  it('are told to their handlers in the order these came', () => {
    const hub = new EventHub<Events>();
    const told: string[] = [];
    hub.on('here', (at) => told.push(`first ${at}`));
    hub.on('here', (at) => told.push(`second ${at}`));
    hub.emit('here', 1);
    hub.emit('there', 2);
    expect(told).toEqual(['first 1', 'second 1']);
  });

  it('reach a handler with its own context', () => {
    const hub = new EventHub<Events>();
    const room = { seen: 0 };
    hub.on('here', function (this: typeof room, at) {
      this.seen = at;
    }, room);
    hub.emit('here', 3);
    expect(room.seen).toBe(3);
  });

  it('no longer reach a handler that was taken back, and still all others', () => {
    const hub = new EventHub<Events>();
    const [gone, stays] = [vi.fn(), vi.fn()];
    hub.on('here', gone);
    hub.on('here', stays);
    hub.off('here', gone);
    hub.off('here', () => undefined);
    hub.emit('here', 1);
    expect(gone).not.toHaveBeenCalled();
    expect(stays).toHaveBeenCalledOnce();
  });

  it('reach nobody after everything was taken back', () => {
    const hub = new EventHub<Events>();
    const handler = vi.fn();
    hub.on('here', handler);
    hub.on('there', handler);
    hub.off('*');
    hub.emit('here', 1);
    hub.emit('there', 1);
    expect(handler).not.toHaveBeenCalled();
  });

  it('that nobody heard are told to the first handler to come, if they are still true', async () => {
    const hub = new EventHub<Events>();
    const handler = vi.fn();
    hub.emitOrKeep('here', 1, () => true);
    hub.emitOrKeep('here', 2, () => false);
    hub.on('here', handler);
    expect(handler).not.toHaveBeenCalled();
    await settle();
    expect(handler.mock.calls).toEqual([[1]]);
    hub.on('here', handler);
    await settle();
    expect(handler).toHaveBeenCalledOnce();
  });
});
