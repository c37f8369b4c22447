import { beforeEach, describe, expect, it } from 'vitest';
import type { JoinOptions } from '../src/client.js';
import { Refusal, Scene, codeOf, onStage, seat, settle, snapshot } from './scene.js';

let scene: Scene;

beforeEach(() => {
  scene = new Scene();
});

function refuse(code: number, name: string): () => never {
  return () => {
    throw new Refusal(code, name);
  };
}

describe('An anchor', () => {
  it('starts a room that nobody has started, and lets further anchors take seats', async () => {
    scene.server.on('room.start', ({ roomId }) => ({
      room: snapshot({ roomId, role: 'host', seats: [seat(0, 'me')] }),
      seq: 1,
    }));
    await scene.join(scene.client({ userSig: 'token' }), { roomId: 1000 });
    expect(scene.server.paramsOf('session.open')).toMatchObject([{ userId: 'me', token: 'token' }]);
    expect(scene.server.paramsOf('room.start')).toEqual([{ roomId: '1000', seatMode: 'free' }]);
    expect(scene.methods).not.toContain('seat.take');
  });

  it('joins a room that is somebody else\'s, and takes a seat', async () => {
    await scene.join(scene.client(), { roomId: 1000, role: 'anchor' });
    expect(scene.server.paramsOf('room.join')).toMatchObject([{ roomId: '1000' }]);
    expect(scene.server.paramsOf('seat.take')).toEqual([{ roomId: '1000', seatIndex: -1 }]);
  });

  it('who is let on stage only on application is out again, with the reason', async () => {
    scene.server.on('seat.take', refuse(100006, 'noPermission'));
    const join = scene.join(scene.client(), { roomId: 1000, role: 'anchor' });
    await expect(join).rejects.toMatchObject({ message: 'Refused: noPermission.' });
    expect(scene.methods.at(-1)).toBe('room.leave');
    expect(scene.server.socket.closedWith).toBe(1000);
  });

  it('who may not start rooms joins one that is there', async () => {
    scene.server.on('room.start', refuse(100006, 'noPermission'));
    await scene.join(scene.client(), { roomId: 1000, role: 'anchor' });
    expect(scene.methods).toContain('seat.take');
  });

  it('is what everybody is in rtc mode', async () => {
    const client = scene.client({ mode: 'rtc' });
    await scene.join(client, { roomId: 1000, role: 'audience' });
    expect(scene.methods).toContain('seat.take');
    expect(await codeOf(client.switchRole('audience'))).toBe(0x1001);
  });
});

describe('The audience', () => {
  it('joins and takes no seat', async () => {
    await scene.join(scene.client(), { roomId: 1000, role: 'audience' });
    expect(scene.methods).toEqual(['session.open', 'room.join']);
  });

  it('waits for a room that is about to begin', async () => {
    scene.server.on('room.join', refuse(100004, 'roomNotFound'));
    const join = scene.client().join({ roomId: 1000, role: 'audience' });
    await settle();
    scene.server.socket.open();
    await scene.fakes.timers.advance(1_200);
    scene.room({});
    await scene.fakes.timers.advance(500);
    expect(await codeOf(join)).toBe(0);
    expect(scene.server.paramsOf('room.join')).toHaveLength(4);
  });

  it('does not wait for long', async () => {
    scene.server.on('room.join', refuse(100004, 'roomNotFound'));
    const join = codeOf(scene.client().join({ roomId: 1000, role: 'audience' }));
    await settle();
    scene.server.socket.open();
    await scene.fakes.timers.advance(5_000);
    expect(await join).toBe(0x4004);
    expect(scene.server.socket.closedWith).toBe(1000);
  });

  it('is who is in the room and not on stage', async () => {
    const audience = ['me', 'guest', 'other'].map((userId) => ({ userId, userName: '', avatarUrl: '' }));
    scene.room({ audience, audienceCount: 3, seats: [seat(0, 'host'), seat(1, 'guest')] });
    const client = await scene.joined();
    expect(client.getAudience()).toEqual({
      count: 2,
      users: [{ userId: 'me', userName: '' }, { userId: 'other', userName: '' }],
    });
  });
});

describe('A room', () => {
  it.each<[string, JoinOptions, boolean]>([
    ['zero', { roomId: 0 }, false],
    ['a fraction', { roomId: 1.5 }, false],
    ['a number that is too large', { roomId: 4_294_967_295 }, false],
    ['digits in quotes', { roomId: '1000' }, false],
    ['a number where names are used', { roomId: 1000 }, true],
    ['a name that is too long', { roomId: 'x'.repeat(49) }, true],
    ['a name that is not ASCII', { roomId: 'zürich' }, true],
    ['an unknown role', { roomId: 1000, role: 'host' as 'anchor' }, false],
  ])('cannot be %s', async (_, options, useStringRoomId) => {
    expect(await codeOf(scene.client({ useStringRoomId }).join(options))).toBe(0x1000);
    expect(scene.server.sockets).toEqual([]);
  });

  it('may have a name', async () => {
    await scene.join(scene.client({ useStringRoomId: true }), { roomId: 'Sunday kitchen', role: 'audience' });
    expect(scene.server.paramsOf('room.join')).toMatchObject([{ roomId: 'Sunday kitchen' }]);
  });

  it('is joined once', async () => {
    const client = await scene.joined();
    expect(await codeOf(client.join({ roomId: 1000 }))).toBe(0x1001);
  });

  it('is joined by each client over a connection of its own', async () => {
    await scene.join(scene.client(), { roomId: 1000, role: 'audience' });
    await scene.join(scene.client(), { roomId: 2000, role: 'audience' });
    expect(scene.server.sockets).toHaveLength(2);
    expect(scene.server.paramsOf('session.open').map(({ userId }) => userId)).toEqual(['me', 'me']);
    expect(scene.server.sockets.map(({ closedWith }) => closedWith)).toEqual([null, null]);
  });
});

describe('Joining fails', () => {
  it('where the server cannot be reached', async () => {
    const join = codeOf(scene.client().join({ roomId: 1000 }));
    await scene.fakes.timers.advance(15_000);
    expect(await join).toBe(0x4001);
  });

  it('where the token is no good', async () => {
    scene.server.on('session.open', refuse(1002, 'badToken'));
    const join = scene.join(scene.client());
    await expect(join).rejects.toSatisfy((error: { getCode(): number; getExtraCode(): number }) =>
      error.getCode() === 0x4004 && error.getExtraCode() === 1002);
  });

  it('when the client leaves meanwhile, and it may join again', async () => {
    const client = scene.client();
    const join = codeOf(client.join({ roomId: 1000 }));
    await settle();
    await client.leave();
    expect(await join).toBe(0x4002);
    await scene.join(client);
  });
});

describe('Leaving', () => {
  it('ends the room when whoever started it leaves nobody on stage behind', async () => {
    scene.server.on('room.start', ({ roomId }) => ({
      room: snapshot({ roomId, role: 'host', seats: [seat(0, 'me')], stage: [onStage(0, 'me')] }),
      seq: 1,
    }));
    const client = await scene.joined('anchor');
    await client.leave();
    expect(scene.methods.at(-1)).toBe('room.end');
    expect(scene.server.socket.closedWith).toBe(1000);
  });

  it('leaves the room to others on stage', async () => {
    scene.server.on('room.start', ({ roomId }) => ({
      room: snapshot({ roomId, role: 'host', seats: [seat(0, 'me')], stage: [onStage(0, 'me'), onStage(1, 'A')] }),
      seq: 1,
    }));
    const client = await scene.joined('anchor');
    await client.leave();
    expect(scene.methods.at(-1)).toBe('room.leave');
  });

  it('is nothing for who is nowhere', async () => {
    await scene.client().leave();
    expect(scene.methods).toEqual([]);
  });

  it('comes before the end of a client', async () => {
    const client = await scene.joined();
    expect(() => client.destroy()).toThrow('Leave the room before');
    await client.leave();
    client.destroy();
    expect(await codeOf(client.join({ roomId: 1000 }))).toBe(0x1001);
  });
});

describe('The connection', () => {
  it('tells its states', async () => {
    const client = scene.client();
    const states: string[] = [];
    client.on('connection-state-changed', ({ prevState, state }) => states.push(`${prevState} ${state}`));
    await scene.join(client);
    scene.server.socket.end(1006);
    await scene.fakes.timers.advance(375);
    scene.server.socket.open();
    await settle();
    await client.leave();
    expect(states).toEqual([
      'DISCONNECTED CONNECTING',
      'CONNECTING CONNECTED',
      'CONNECTED RECONNECTING',
      'RECONNECTING CONNECTED',
      'CONNECTED DISCONNECTED',
    ]);
  });

  it.each([
    [4501, 'client-banned kick'],
    [4503, 'client-banned banned'],
    [4504, 'client-banned room-disband'],
    [4510, 'error 0x4002'],
    [4401, 'error 0x4006'],
  ])('that is closed with %d is told as %s', async (code, heard) => {
    const client = await scene.joined();
    scene.server.socket.end(code);
    await settle();
    expect(scene.heard).toEqual([heard]);
    expect(await codeOf(client.switchRole('anchor'))).toBe(0x1001);
  });

  it('is over when the user is removed, or the room ends', async () => {
    await scene.joined();
    const me = { userId: 'me', userName: '', avatarUrl: '' };
    scene.tell('audience.left', { user: me, role: 'audience', reason: 'kicked', durationSeconds: 1 });
    await settle();
    expect(scene.server.socket.closedWith).toBe(1000);
    await scene.joined();
    scene.tell('room.ended', { reason: 'hostTimeout' });
    await settle();
    expect(scene.heard).toEqual(['client-banned banned', 'client-banned room-disband']);
  });

  it('that ends with a ban ends calls under way with it', async () => {
    const client = await scene.joined();
    scene.server.on('seat.take', () => undefined);
    const call = codeOf(client.switchRole('anchor'));
    scene.server.socket.end(4501);
    expect(await call).toBe(0x4040);
  });
});
