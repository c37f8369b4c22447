import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Connection } from '../src/connection.js';
import { settle } from './fakes/fakeTimers.js';
import { Refusal } from './fakes/fakeServer.js';
import { FakeWorld } from './fakes/fakeWorld.js';

let world: FakeWorld;
let renewToken: () => Promise<boolean>;
let token: string;
let seqs: Record<string, number>;
const onOpen = vi.fn();
const onClosed = vi.fn();

function connect(): Connection {
  const connection = new Connection(world.environment, {
    url: 'wss://live.example.org/v1/ws',
    credentials: () => ({ token }),
    seqs: () => seqs,
    renewToken: () => renewToken(),
    onOpen,
    onClosed,
    onNotification: () => {},
  });
  connection.connect();
  return connection;
}

async function openConnection(): Promise<Connection> {
  const connection = connect();
  world.server.socket.open();
  await settle();
  return connection;
}

beforeEach(() => {
  vi.clearAllMocks();
  world = new FakeWorld();
  token = 'first';
  seqs = {};
  renewToken = () => Promise.resolve(false);
});

describe('A connection', () => {
  it('opens a session with the subprotocol of version 1', async () => {
    const connection = await openConnection();
    expect(connection.status.get()).toBe('open');
    expect(world.server.socket.protocol).toBe('dais.v1');
    expect(world.server.paramsOf('session.open')).toEqual([{ token: 'first' }]);
    expect(onOpen).toHaveBeenCalledTimes(1);
  });

  it('answers calls only while it is open', async () => {
    const connection = connect();
    await expect(connection.call('room.list', {})).rejects.toMatchObject({ name: 'notConnected', retryable: true });
    expect(world.server.calls).toEqual([]);
  });

  it('pings by the period the server names', async () => {
    await openConnection();
    await world.timers.advance(60_000);
    expect(world.server.paramsOf('session.ping')).toHaveLength(3);
  });

  it('takes an unanswered ping for a lost connection', async () => {
    const connection = await openConnection();
    world.server.on('session.ping', () => undefined);
    await world.timers.advance(20_000 + 15_000);
    expect(connection.status.get()).toBe('waiting');
    expect(world.server.sockets[0]?.closedWith).toBe(4000);
  });

  it('lives on when a ping is refused', async () => {
    const connection = await openConnection();
    world.server.on('session.ping', () => {
      throw new Refusal(1004, 'rateLimited', true);
    });
    await world.timers.advance(50_000);
    expect(connection.status.get()).toBe('open');
    expect(world.server.paramsOf('session.ping')).toHaveLength(2);
  });

  it('gives up on a socket that does not open, and tries again', async () => {
    const connection = connect();
    await world.timers.advance(10_000);
    expect(connection.status.get()).toBe('waiting');
    await world.timers.advance(375);
    expect(world.server.sockets).toHaveLength(2);
  });

  it('fails the calls under way when it is lost', async () => {
    const connection = await openConnection();
    world.server.on('room.list', () => undefined);
    const call = connection.call('room.list', {});
    world.server.socket.end(1006);
    await expect(call).rejects.toMatchObject({ name: 'connectionLost', retryable: true });
  });

  it('stops everything when it is closed', async () => {
    const connection = await openConnection();
    connection.close();
    expect(connection.status.get()).toBe('closed');
    expect(world.server.socket.closedWith).toBe(1000);
    expect(world.timers.pendingMs).toEqual([]);
  });

  it('can be opened again after it was closed', async () => {
    const connection = await openConnection();
    connection.close();
    connection.connect();
    world.server.socket.open();
    await settle();
    expect(connection.status.get()).toBe('open');
    expect(world.server.sockets).toHaveLength(2);
  });
});

describe('After a close', () => {
  it.each([1001, 1006, 4400, 4408, 4410, 4499])('with %i the client connects again', async (code) => {
    const connection = await openConnection();
    world.server.socket.end(code);
    expect(connection.status.get()).toBe('waiting');
    await world.timers.advance(375);
    world.server.socket.open();
    await settle();
    expect(connection.status.get()).toBe('open');
    expect(onOpen).toHaveBeenCalledTimes(2);
  });

  it.each([4500, 4501, 4503, 4504, 4510, 4999])('with %i the client stays away', async (code) => {
    const connection = await openConnection();
    world.server.socket.end(code, 'Go away.');
    await world.timers.advance(3_600_000);
    expect(connection.status.get()).toBe('closed');
    expect(world.server.sockets).toHaveLength(1);
    expect(onClosed).toHaveBeenCalledWith(expect.objectContaining({ code, message: 'Go away.' }));
  });

  it('the delay grows with every failure and starts anew after success', async () => {
    await openConnection();
    const delays: (number | undefined)[] = [];
    for (let failure = 0; failure < 4; failure++) {
      world.server.socket.end(1006);
      delays.push(world.timers.pendingMs[0]);
      await world.timers.advance(delays.at(-1) ?? 0);
    }
    expect(delays).toEqual([375, 750, 1500, 3000]);
    world.server.socket.open();
    await settle();
    world.server.socket.end(1006);
    expect(world.timers.pendingMs).toEqual([375]);
  });
});

describe('A session', () => {
  async function reconnect(): Promise<void> {
    world.server.socket.end(1006);
    await world.timers.advance(375);
    world.server.socket.open();
    await settle();
  }

  it('is asked for again after a loss, with the events the client has', async () => {
    const connection = await openConnection();
    seqs = { kitchen: 7 };
    world.server.socket.end(1006);
    expect(connection.canResume).toBe(true);
    await world.timers.advance(375);
    world.server.socket.open();
    expect(connection.status.get()).toBe('resuming');
    await settle();
    expect(connection.status.get()).toBe('open');
    expect(world.server.paramsOf('session.open').at(-1)).toEqual({
      token: 'first',
      resume: { sessionId: 'session-1', key: 'key', seqs: { kitchen: 7 } },
    });
  });

  it('that the server does not know gives way to the one it opened instead', async () => {
    await openConnection();
    await reconnect();
    await reconnect();
    expect(world.server.paramsOf('session.open').at(-1)).toMatchObject({ resume: { sessionId: 'session-2' } });
  });

  it('is over when the application closes the connection', async () => {
    const connection = await openConnection();
    connection.close();
    expect(connection.canResume).toBe(false);
    connection.connect();
    world.server.socket.open();
    await settle();
    expect(world.server.paramsOf('session.open')).toEqual([{ token: 'first' }, { token: 'first' }]);
  });
});

describe('When the network changes', () => {
  it('a connection that waits for its next try tries at once', async () => {
    const connection = await openConnection();
    world.server.socket.end(1006);
    connection.networkChanged();
    expect(connection.status.get()).toBe('connecting');
  });

  it('a connection that answers goes on', async () => {
    const connection = await openConnection();
    connection.networkChanged();
    await world.timers.advance(6_000);
    expect(connection.status.get()).toBe('open');
  });

  it('a connection that does not answer soon is lost', async () => {
    const connection = await openConnection();
    world.server.on('session.ping', () => undefined);
    connection.networkChanged();
    await world.timers.advance(5_000);
    expect(connection.status.get()).toBe('waiting');
  });
});

describe('A refused token', () => {
  it('is replaced before the client connects again', async () => {
    const connection = await openConnection();
    renewToken = () => {
      token = 'second';
      return Promise.resolve(true);
    };
    world.server.socket.end(4401);
    expect(connection.status.get()).toBe('authorizing');
    await world.timers.advance(375);
    world.server.socket.open();
    await settle();
    expect(world.server.paramsOf('session.open').map((params) => params['token'])).toEqual(['first', 'second']);
    expect(connection.status.get()).toBe('open');
  });

  it.each([1002, 1003])('as answer %i to session.open counts like 4401', async (code) => {
    world.server.on('session.open', () => {
      throw new Refusal(code, 'badToken');
    });
    const connection = await openConnection();
    expect(connection.status.get()).toBe('closed');
    expect(onClosed).toHaveBeenCalledWith(expect.objectContaining({ code }));
  });

  it('that stays refused does not make a tight loop', async () => {
    renewToken = () => Promise.resolve(true);
    connect();
    for (let round = 0; round < 3; round++) {
      world.server.socket.open();
      world.server.socket.end(4401);
      await world.timers.advance(375 * 2 ** round - 1);
      expect(world.server.sockets).toHaveLength(round + 1);
      await world.timers.advance(1);
    }
    expect(world.server.sockets).toHaveLength(4);
  });

  it('ends the connection when there is no other', async () => {
    const connection = await openConnection();
    renewToken = () => Promise.reject(new Error('signed out'));
    world.server.socket.end(4401);
    await settle();
    expect(connection.status.get()).toBe('closed');
  });
});
