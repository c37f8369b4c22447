import { describe, expect, it } from 'vitest';
import { DaisClient } from '../src/daisClient.js';
import type { RoomMessage } from '../src/protocol.gen.js';
import type { Room } from '../src/room.js';
import { mergeMessages, messagesMax } from '../src/roomMessages.js';
import { settle } from './fakes/fakeTimers.js';
import { FakeWorld } from './fakes/fakeWorld.js';
import { snapshot, user } from './fakes/rooms.js';

function message(seq: number): RoomMessage {
  return { messageId: `m${seq}`, seq, at: seq, from: user('ann'), kind: 'text', text: `${seq}` };
}

async function joined(world: FakeWorld): Promise<Room> {
  const client = new DaisClient({ url: 'wss://example.org', environment: world.environment });
  world.server.on('room.join', () => ({ room: snapshot(), seq: 10, answer: 'answer' }));
  const login = client.login({ userId: 'guest' });
  await settle();
  world.server.socket.open();
  await login;
  return client.joinRoom('room');
}

function tell(world: FakeWorld, seq: number): void {
  const { seq: place, at, ...data } = message(seq);
  world.server.notify('room.event', { roomId: 'room', seq: place, at, type: 'message', data });
}

const seqsOf = (room: Room): number[] => room.state.get().messages.map(({ seq }) => seq);

describe('Messages', () => {
  it('are merged by their place, the latest fifty', () => {
    const merged = mergeMessages([message(5), message(9)], [message(3), message(9), message(7)]);
    expect(merged.map(({ seq }) => seq)).toEqual([3, 5, 7, 9]);
    const many = Array.from({ length: 60 }, (_, index) => message(index));
    expect(mergeMessages(many, [])).toHaveLength(messagesMax);
    expect(mergeMessages(many, [])[0]?.seq).toBe(10);
  });

  it('are part of the state, each with its place and time', async () => {
    const world = new FakeWorld();
    const room = await joined(world);
    tell(world, 11);
    expect(room.state.get().messages).toEqual([message(11)]);
  });

  it('of the past join those of the present', async () => {
    const world = new FakeWorld();
    const room = await joined(world);
    world.server.on('message.history', () => ({ messages: [message(4), message(11)] }));
    tell(world, 11);
    await room.loadMessages();
    expect(seqsOf(room)).toEqual([4, 11]);
  });

  it('that were missed are fetched when a snapshot comes in the place of events', async () => {
    const world = new FakeWorld();
    const room = await joined(world);
    tell(world, 11);
    world.server.on('message.history', () => ({ messages: [message(11), message(15)] }));
    world.server.notify('room.sync', { roomId: 'room', seq: 20, room: snapshot() });
    expect(seqsOf(room)).toEqual([11]);
    await settle();
    expect(seqsOf(room)).toEqual([11, 15]);
  });

  it('are not asked for by a room that has none', async () => {
    const world = new FakeWorld();
    await joined(world);
    world.server.notify('room.sync', { roomId: 'room', seq: 20, room: snapshot() });
    await settle();
    expect(world.server.paramsOf('message.history')).toEqual([]);
  });

  it('are sent as text and as the application\'s own', async () => {
    const world = new FakeWorld();
    const room = await joined(world);
    world.server.on('message.send', () => ({ messageId: 'm', seq: 12 }));
    expect(await room.sendMessage('hello', { to: ['ann'] })).toEqual({ messageId: 'm', seq: 12 });
    await room.sendCustomMessage('{}', { customType: 'gift' });
    expect(world.server.paramsOf('message.send')).toEqual([
      { roomId: 'room', kind: 'text', text: 'hello', to: ['ann'] },
      { roomId: 'room', kind: 'custom', data: '{}', customType: 'gift' },
    ]);
  });

  it('are forbidden to a member, and to this one', async () => {
    const world = new FakeWorld();
    const room = await joined(world);
    await room.setMessageDisabled('ann', true);
    expect(world.server.paramsOf('audience.setMessageDisabled')).toEqual([
      { roomId: 'room', userId: 'ann', disabled: true },
    ]);
    const data = { user: user('guest'), disabled: true };
    world.server.notify('room.event', { roomId: 'room', seq: 11, at: 0, type: 'member.messageDisabledChanged', data });
    expect(room.state.get().messageDisabled).toBe(true);
  });
});

describe('Presence', () => {
  it('is set, asked for and kept up to date', async () => {
    const world = new FakeWorld();
    const room = await joined(world);
    await room.setPresence({ mood: 'happy', level: null });
    expect(world.server.paramsOf('presence.setState')).toEqual([
      { roomId: 'room', state: { mood: 'happy', level: '' } },
    ]);
    world.server.on('presence.getState', () => ({ user: user('ann'), state: { mood: 'tired' } }));
    expect(await room.getPresence('ann')).toEqual({ mood: 'tired' });
    const data = { user: user('ann'), state: { mood: 'tired' } };
    world.server.notify('room.event', { roomId: 'room', seq: 11, at: 0, type: 'presence.changed', data });
    expect(room.state.get().presence).toEqual([data]);
    const none = { user: user('ann'), state: {} };
    world.server.notify('room.event', { roomId: 'room', seq: 12, at: 0, type: 'presence.changed', data: none });
    expect(room.state.get().presence).toEqual([]);
  });
});
