import { describe, expect, it } from 'vitest';
import type { RoomEvents } from '../src/protocol.gen.js';
import {
  isMutedHere,
  ownApplication,
  ownInvitation,
  ownSeat,
  reduceRoom,
  remoteHosts,
  roomStateOf,
} from '../src/roomState.js';
import type { RoomEvent, RoomEventType, RoomState } from '../src/roomState.js';
import { application, connection, hostRequest, roomHost, seat, snapshot, stageEntry, user } from './fakes/rooms.js';

function given(changes: Parameters<typeof snapshot>[0] = {}): RoomState {
  return roomStateOf(snapshot(changes), 10, 'guest');
}

function event<T extends RoomEventType>(type: T, data: RoomEvents[T], seq = 11): RoomEvent {
  return { roomId: 'room', seq, at: 0, type, data } as RoomEvent;
}

/** What an event of each type does to a state; the type makes the table complete. */
const cases: {
  [T in RoomEventType]: { state?: Parameters<typeof snapshot>[0]; data: RoomEvents[T]; changes: Partial<RoomState> };
} = {
  'seat.applied': {
    data: { request: application('guest') },
    changes: { applications: [application('guest')] },
  },
  'seat.applicationEnded': {
    state: { applications: [application('guest'), application('other')] },
    data: { request: application('guest'), outcome: 'accepted', by: user('host'), code: 0, message: '' },
    changes: { applications: [application('other')] },
  },
  'seat.invited': {
    data: { request: application('guest') },
    changes: { invitations: [application('guest')] },
  },
  'seat.invitationEnded': {
    state: { invitations: [application('guest')] },
    data: { request: application('guest'), outcome: 'rejected', by: user('guest'), code: 0, message: '' },
    changes: { invitations: [] },
  },
  'seat.changed': {
    data: { seats: [seat(0, 'host'), seat(1, 'guest')], joined: [user('guest')], left: [] },
    changes: { seats: [seat(0, 'host'), seat(1, 'guest')] },
  },
  'coHost.requested': {
    data: { request: hostRequest('room', 'b') },
    changes: { sentHostRequests: [hostRequest('room', 'b')] },
  },
  'coHost.requestEnded': {
    state: { receivedHostRequests: [hostRequest('b', 'room'), hostRequest('c', 'room')] },
    data: { request: hostRequest('b', 'room'), outcome: 'accepted', code: 0 },
    changes: { receivedHostRequests: [hostRequest('c', 'room')] },
  },
  'coHost.changed': {
    data: { connection: connection(['b']), joined: [roomHost('b')], left: [] },
    changes: { connection: connection(['b']) },
  },
  'stage.changed': {
    data: { stage: [stageEntry(0, 'host'), stageEntry(1, 'guest')], canvas: { width: 1280, height: 720 } },
    changes: {
      stage: [stageEntry(0, 'host'), stageEntry(1, 'guest')],
      canvas: { width: 1280, height: 720 },
    },
  },
  'audience.joined': {
    data: { user: user('third'), role: 'audience' },
    changes: { audience: [user('third'), user('guest')], audienceCount: 2 },
  },
  'audience.left': {
    data: { user: user('guest'), role: 'audience', reason: 'left', durationSeconds: 5 },
    changes: { audience: [], audienceCount: 0 },
  },
  'audience.changed': {
    data: { count: 5000, sample: [user('a'), user('b')] },
    changes: { audience: [user('a'), user('b')], audienceCount: 5000 },
  },
  'member.roleChanged': {
    data: { user: user('guest'), role: 'admin' },
    changes: { role: 'admin' },
  },
  'member.messageDisabledChanged': {
    data: { user: user('guest'), disabled: true },
    changes: { messageDisabled: true },
  },
  'message': {
    data: { messageId: 'm', from: user('host'), kind: 'text', text: 'hello' },
    changes: { messages: [{ messageId: 'm', from: user('host'), kind: 'text', text: 'hello', seq: 11, at: 0 }] },
  },
  'presence.changed': {
    state: { presence: [{ user: user('guest'), state: { a: '1' } }] },
    data: { user: user('guest'), state: { a: '2' } },
    changes: { presence: [{ user: user('guest'), state: { a: '2' } }] },
  },
  'room.phase': { data: { phase: 'hostAway' }, changes: { phase: 'hostAway' } },
  'room.updated': { data: { name: 'Another name' }, changes: { name: 'Another name' } },
  'room.ended': {
    state: {
      applications: [application('guest')],
      invitations: [application('guest')],
      connection: connection(['b']),
      sentHostRequests: [hostRequest('room', 'c')],
      receivedHostRequests: [hostRequest('d', 'room')],
    },
    data: { reason: 'hostTimeout' },
    changes: {
      closed: 'hostTimeout',
      applications: [],
      invitations: [],
      connection: null,
      sentHostRequests: [],
      receivedHostRequests: [],
    },
  },
};

describe('The reducer', () => {
  for (const type of Object.keys(cases) as RoomEventType[]) {
    it(`applies ${type}, and changes nothing else`, () => {
      const before = given(cases[type].state);
      const frozen = structuredClone(before);
      const after = reduceRoom(before, event(type, cases[type].data));
      expect(after).toEqual({ ...frozen, ...cases[type].changes, seq: 11 });
      expect(before).toEqual(frozen);
    });
  }

  it('ignores what the snapshot already contains', () => {
    const state = given();
    expect(reduceRoom(state, event('room.phase', { phase: 'hostAway' }, 10))).toBe(state);
  });

  it('keeps one entry for a request that is told twice', () => {
    const once = reduceRoom(given(), event('seat.applied', { request: application('guest') }));
    const twice = reduceRoom(once, event('seat.applied', { request: application('guest') }, 12));
    expect(twice.applications).toHaveLength(1);
  });

  it('tells requests to other rooms from requests of other rooms', () => {
    const asked = reduceRoom(given(), event('coHost.requested', { request: hostRequest('b', 'room') }));
    const asking = reduceRoom(asked, event('coHost.requested', { request: hostRequest('room', 'c') }, 12));
    expect(asking.receivedHostRequests).toEqual([hostRequest('b', 'room')]);
    expect(asking.sentHostRequests).toEqual([hostRequest('room', 'c')]);
    const ended = { request: hostRequest('room', 'c'), outcome: 'timedOut', code: 0 } as const;
    const waited = reduceRoom(asking, event('coHost.requestEnded', ended, 13));
    expect(waited.receivedHostRequests).toHaveLength(1);
    expect(waited.sentHostRequests).toEqual([]);
  });

  it('knows no connection any more when the last other room has left', () => {
    const left = [{ ...roomHost('b'), reason: 'left' } as const, { ...roomHost('room'), reason: 'alone' } as const];
    const state = given({ connection: connection(['b']) });
    expect(reduceRoom(state, event('coHost.changed', { connection: null, joined: [], left })).connection).toBeNull();
  });

  it('changes only the seats that are named', () => {
    const state = reduceRoom(given(), event('seat.changed', { seats: [seat(1, 'guest')], joined: [], left: [] }));
    expect(state.seats).toEqual([seat(0, 'host'), seat(1, 'guest')]);
  });

  it('keeps its own role when another one changes', () => {
    const state = reduceRoom(given(), event('member.roleChanged', { user: user('other'), role: 'admin' }));
    expect(state.role).toBe('audience');
  });

  it('forgets the requests of others when its user is no longer an admin', () => {
    const invited = (userId: string, by: string) => ({ ...application(userId), inviter: user(by) });
    const admin = given({
      role: 'admin',
      applications: [application('other')],
      invitations: [invited('a', 'host'), invited('b', 'guest')],
      sentHostRequests: [hostRequest('room', 'b')],
      receivedHostRequests: [hostRequest('c', 'room')],
      connection: connection(['d']),
    });
    const state = reduceRoom(admin, event('member.roleChanged', { user: user('guest'), role: 'audience' }));
    expect(state).toMatchObject({ role: 'audience', applications: [], invitations: [invited('b', 'guest')] });
    expect(state).toMatchObject({ sentHostRequests: [], receivedHostRequests: [], connection: connection(['d']) });
  });

  it('shows locks, moves and devices of seats as the server tells them', () => {
    const seats = [
      { ...seat(0, 'host'), locked: true },
      { ...seat(1, 'guest'), microphone: 'locked', reconnecting: true } as const,
    ];
    const state = reduceRoom(given(), event('seat.changed', { seats, joined: [], left: [] }));
    expect(state.seats).toEqual(seats);
  });

  it('holds at most two hundred of the audience, and counts the others', () => {
    const audience = Array.from({ length: 200 }, (_, index) => user(`u${index}`));
    const state = reduceRoom(
      given({ audience, audienceCount: 200 }),
      event('audience.joined', { user: user('late'), role: 'audience' }),
    );
    expect(state.audience).toHaveLength(200);
    expect(state.audienceCount).toBe(201);
  });

  it('does not count the host among the audience', () => {
    const away = reduceRoom(
      given(),
      event('audience.left', { user: user('host'), role: 'host', reason: 'connectionLost', durationSeconds: 9 }),
    );
    const back = reduceRoom(away, event('audience.joined', { user: user('host'), role: 'host' }, 12));
    expect([away, back].map(({ audienceCount, audience }) => [audienceCount, audience.length])).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  it('is over for whoever was removed from the room, and only for them', () => {
    const removed = { role: 'audience', reason: 'kicked', durationSeconds: 9 } as const;
    const ofOther = reduceRoom(given(), event('audience.left', { ...removed, user: user('other') }));
    const ofSelf = reduceRoom(given(), event('audience.left', { ...removed, user: user('guest') }));
    expect([ofOther.closed, ofSelf.closed]).toEqual([null, 'kicked']);
  });

  it('takes an event it does not know for one that changes nothing', () => {
    const unknown = { roomId: 'room', seq: 11, at: 0, type: 'room.painted', data: {} } as unknown as RoomEvent;
    expect(reduceRoom(given(), unknown)).toEqual({ ...given(), seq: 11 });
  });
});

describe('The own place in a room', () => {
  it('is found among seats, applications and invitations', () => {
    const state = given({
      seats: [seat(0, 'host'), seat(1, 'guest')],
      applications: [application('other'), application('guest')],
      invitations: [application('guest')],
    });
    expect(ownSeat(state)?.index).toBe(1);
    expect(ownApplication(state)?.requestId).toBe('request-guest');
    expect(ownInvitation(state)?.requestId).toBe('request-guest');
  });

  it('is nowhere for someone who only watches', () => {
    expect([ownSeat(given()), ownApplication(given()), ownInvitation(given())]).toEqual([null, null, null]);
  });
});

describe('The rooms a room is connected with', () => {
  it('are the members of the connection without itself', () => {
    expect(remoteHosts(given({ connection: connection(['b', 'c']) }))).toEqual([roomHost('b'), roomHost('c')]);
    expect(remoteHosts(given())).toEqual([]);
  });

  it('may be silenced one by one', () => {
    const state = given({ connection: connection(['b', 'c'], ['c']) });
    expect([isMutedHere(state, 'b'), isMutedHere(state, 'c')]).toEqual([false, true]);
    expect(isMutedHere(given(), 'b')).toBe(false);
  });
});
