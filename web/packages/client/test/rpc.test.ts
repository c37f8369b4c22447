import { beforeEach, expect, it } from 'vitest';
import { LiveError } from '../src/liveError.js';
import { Rpc } from '../src/rpc.js';
import { FakeWorld } from './fakes/fakeWorld.js';

let world: FakeWorld;
let sent: { id: number; method: string; params: unknown }[];
let notifications: string[];
let rpc: Rpc;

beforeEach(() => {
  world = new FakeWorld();
  sent = [];
  notifications = [];
  rpc = new Rpc(
    world.environment,
    (text) => sent.push(JSON.parse(text)),
    ({ method }) => notifications.push(method),
  );
});

function answer(id: number, content: object): void {
  rpc.handle(JSON.stringify({ jsonrpc: '2.0', id, ...content }));
}

it('Gives each call its own answer, whatever the order', async () => {
  const first = rpc.call('room.list', {});
  const second = rpc.call('session.ping', {});
  answer(2, { result: { serverTime: 5 } });
  answer(1, { result: { rooms: [], cursor: '' } });
  expect(await second).toEqual({ serverTime: 5 });
  expect(await first).toEqual({ rooms: [], cursor: '' });
  expect(sent[0]).toEqual({ jsonrpc: '2.0', id: 1, method: 'room.list', params: {} });
});

it('Turns an error into a LiveError with everything the server said', async () => {
  const call = rpc.call('room.list', {});
  answer(1, {
    error: {
      code: 1004,
      message: 'Slow down.',
      data: { name: 'rateLimited', retryable: true, retryAfterMs: 250, field: 'count' },
    },
  });
  const error = await call.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LiveError);
  expect(error).toMatchObject({
    code: 1004,
    name: 'rateLimited',
    message: 'Slow down.',
    retryable: true,
    retryAfterMs: 250,
    field: 'count',
  });
});

it('Makes do with an error that says nothing', async () => {
  const call = rpc.call('room.list', {});
  answer(1, { error: {} });
  await expect(call).rejects.toMatchObject({ code: -32603, name: 'error', retryable: false });
});

it('Passes notifications on in the order they came', () => {
  rpc.handle('{"jsonrpc":"2.0","method":"one","params":{}}');
  rpc.handle('{"jsonrpc":"2.0","method":"two","params":{}}');
  expect(notifications).toEqual(['one', 'two']);
});

it.each(['', 'not JSON', 'null', '[]', '7', '{"id":99,"result":{}}', '{"id":"1","result":{}}'])(
  'Ignores %j',
  (text) => {
    expect(() => rpc.handle(text)).not.toThrow();
    expect(notifications).toEqual([]);
  },
);

it('Gives up on an answer that does not come', async () => {
  const call = rpc.call('room.list', {});
  const outcome = expect(call).rejects.toMatchObject({ name: 'callTimedOut', retryable: true });
  await world.timers.advance(15_000);
  await outcome;
  answer(1, { result: {} });
});

it('Fails every open call when the connection is lost, and stops their timers', async () => {
  const calls = [rpc.call('room.list', {}), rpc.call('session.ping', {})];
  rpc.fail(LiveError.local('connectionLost', 'Gone.', true));
  for (const call of calls) {
    await expect(call).rejects.toMatchObject({ name: 'connectionLost' });
  }
  expect(world.timers.pendingMs).toEqual([]);
});

it('Knows which call was too large for the server to read its id', async () => {
  const small = rpc.call('seat.apply', { roomId: 'room' });
  const large = rpc.call('seat.apply', { roomId: 'room', extraInfo: 'x'.repeat(1_000_000) });
  const tooLarge = { code: 1005, message: 'The message is too large', data: { name: 'tooLarge', retryable: false } };
  rpc.handle(JSON.stringify({ jsonrpc: '2.0', id: null, error: tooLarge }));
  await expect(large).rejects.toMatchObject({ code: 1005, name: 'tooLarge' });
  rpc.handle(JSON.stringify({ jsonrpc: '2.0', id: null, error: { ...tooLarge, code: -32700 } }));
  answer(1, { result: { requestId: 'r1', seated: false } });
  expect(await small).toEqual({ requestId: 'r1', seated: false });
});
