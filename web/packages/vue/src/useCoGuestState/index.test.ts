import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Refusal, Scene, quiet, seat, user } from '../../test/scene';
import {
  CoGuestEvent,
  CoHostEvent,
  GuestEvent,
  HostEvent,
  NoResponseReason,
  SeatApplicationErrorCode,
  useCoGuestState,
  type CoGuestEventPayloads,
} from '../index';

const infoOf = (userId: string) => ({ userId, userName: `Name of ${userId}`, avatarUrl: '' });
const names = Object.values({ ...HostEvent, ...GuestEvent });

/** Everything that is told from now on, in order. */
function listen(): [string, unknown][] {
  const heard: [string, unknown][] = [];
  for (const name of names) {
    useCoGuestState().subscribeEvent(name, (payload: CoGuestEventPayloads[typeof name]) => heard.push([name, payload]));
  }
  return heard;
}

describe('The events', () => {
  it('have the spellings that documents use', () => {
    expect(CoGuestEvent).toBe(GuestEvent);
    expect(CoHostEvent).toMatchObject(HostEvent);
    expect(CoHostEvent.onCoHostRequestReceived).toBe('onCoHostRequestReceived');
    expect(names).toHaveLength(12);
  });
});

describe('A guest', () => {
  let scene: Scene;
  let heard: [string, unknown][];

  beforeEach(async () => {
    scene = new Scene('guest');
    await scene.join();
    heard = listen();
  });

  it('asks for any seat, for as long as it says', async () => {
    await useCoGuestState().applyForSeat({ seatIndex: -1, timeout: 30 });
    expect(scene.server.paramsOf('seat.apply')).toEqual([{ roomId: 'room', seatIndex: -1, timeout: 30 }]);
  });

  it('sees the own application and its deadline', () => {
    scene.tell('seat.applied', { request: scene.request('guest', null) });
    expect(useCoGuestState().ownApplication.value).toMatchObject({ requestId: 'r-guest', expiresAt: 60_000 });
    expect(useCoGuestState().applicants.value).toEqual([]);
  });

  it('is on stage already when told of the acceptance', () => {
    const { connected, subscribeEvent } = useCoGuestState();
    const seen: unknown[] = [];
    subscribeEvent(GuestEvent.onGuestApplicationResponded, () => seen.push(connected.value.map((one) => one.userId)));
    scene.seats('guest');
    scene.tell('seat.applicationEnded', scene.ended('guest', 'accepted', user('host')));
    expect(seen).toEqual([['host', 'guest']]);
    expect(heard).toEqual([['onGuestApplicationResponded', { isAccept: true, hostUser: infoOf('host') }]]);
  });

  it.each([
    ['rejected', user('host'), 0, 'onGuestApplicationResponded', { isAccept: false, hostUser: infoOf('host') }],
    ['timedOut', null, 0, 'onGuestApplicationNoResponse', { reason: NoResponseReason.timeout }],
    ['alreadySeated', null, 0, 'onGuestApplicationNoResponse', { reason: NoResponseReason.alreadySeated }],
    [
      'failed',
      user('host'),
      SeatApplicationErrorCode.allSeatsOccupied,
      'onGuestApplicationError',
      { code: 100205, message: 'All seats are occupied' },
    ],
  ] as const)('hears once that the application was %s', (outcome, by, code, event, payload) => {
    scene.tell('seat.applied', { request: scene.request('guest', null) });
    scene.tell('seat.applicationEnded', scene.ended('guest', outcome, by, code));
    expect(heard).toEqual([[event, payload]]);
    expect(useCoGuestState().ownApplication.value).toBeNull();
  });

  it('hears nothing of what they cancelled themselves', () => {
    scene.tell('seat.applicationEnded', scene.ended('guest', 'cancelled', user('guest')));
    expect(heard).toEqual([]);
  });

  it('is told after the seat is theirs when no host had to agree', async () => {
    scene.server.on('seat.apply', () => ({ requestId: null, seated: true }));
    await useCoGuestState().applyForSeat({ seatIndex: 1, timeout: 0 });
    expect(heard).toEqual([]);
    scene.seats('guest');
    expect(heard).toEqual([['onGuestApplicationResponded', { isAccept: true, hostUser: infoOf('host') }]]);
  });

  it('cancels what is not there without an error', async () => {
    scene.server.on('seat.cancelApplication', () => {
      throw new Refusal(-2311, 'noSuchRequest');
    });
    await expect(useCoGuestState().cancelApplication()).resolves.toBeUndefined();
  });

  it('hears of an invitation, and who made it', () => {
    scene.tell('seat.invited', { request: scene.request('guest', user('host')) });
    expect(heard).toEqual([['onHostInvitationReceived', { hostUser: infoOf('host') }]]);
    expect(useCoGuestState().receivedInvitation.value).toMatchObject({ userId: 'host', expiresAt: 60_000 });
    expect(useCoGuestState().invitees.value).toEqual([]);
  });

  it.each(['cancelled', 'timedOut'] as const)('hears that the invitation is gone when it was %s', (outcome) => {
    const ended = { ...scene.ended('guest', outcome, null), request: scene.request('guest', user('host')) };
    scene.tell('seat.invited', { request: ended.request });
    scene.tell('seat.invitationEnded', ended);
    expect(heard.at(-1)).toEqual(['onHostInvitationCancelled', { hostUser: infoOf('host') }]);
    expect(useCoGuestState().receivedInvitation.value).toBeNull();
  });

  it('answers an invitation', async () => {
    await useCoGuestState().acceptInvitation({ inviterId: 'host' });
    await useCoGuestState().rejectInvitation({ inviterId: 'host' });
    expect(scene.server.paramsOf('seat.acceptInvitation')).toEqual([{ roomId: 'room' }]);
    expect(scene.server.paramsOf('seat.rejectInvitation')).toEqual([{ roomId: 'room' }]);
  });

  it('leaves the stage', async () => {
    await useCoGuestState().disConnect();
    expect(scene.server.paramsOf('seat.leave')).toEqual([{ roomId: 'room' }]);
  });

  it('hears who took them off the stage, and is off it already', () => {
    scene.seats('guest');
    const left = [{ user: user('guest'), seatIndex: 1, reason: 'kicked' as const, by: user('host') }];
    scene.tell('seat.changed', { seats: [seat(0, 'host'), seat(1), seat(2)], joined: [], left });
    expect(heard).toEqual([['onKickedOffSeat', { seatIndex: 1, hostUser: infoOf('host') }]]);
    expect(useCoGuestState().connected.value.map(({ userId }) => userId)).toEqual(['host']);
  });

  it('hears nothing of others\' requests', () => {
    scene.tell('seat.applicationEnded', scene.ended('other', 'accepted', user('host')));
    expect(heard).toEqual([]);
  });

  it('warns once of a timeout in milliseconds, which the server then refuses', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    scene.server.on('seat.apply', () => {
      throw new Refusal(-32602, 'invalidParams');
    });
    await expect(useCoGuestState().applyForSeat({ timeout: 30_000 })).rejects.toMatchObject({ code: -32602 });
    await expect(useCoGuestState().applyForSeat({ timeout: 30_000 })).rejects.toMatchObject({ code: -32602 });
    expect(warn).toHaveBeenCalledOnce();
    warn.mockRestore();
  });

  it('has nothing left when the live is over', () => {
    scene.tell('seat.applied', { request: scene.request('guest', null) });
    scene.tell('room.ended', { reason: 'host' });
    const { connected, ownApplication } = useCoGuestState();
    expect([connected.value, ownApplication.value, heard]).toEqual([[], null, []]);
  });
});

describe('A host', () => {
  let scene: Scene;
  let heard: [string, unknown][];

  beforeEach(async () => {
    scene = new Scene('host');
    await scene.join();
    heard = listen();
  });

  it('finds an applicant in the state when told of them', () => {
    const seen: unknown[] = [];
    const { applicants, subscribeEvent } = useCoGuestState();
    subscribeEvent(HostEvent.onGuestApplicationReceived, () => seen.push(applicants.value.map((one) => one.userId)));
    scene.tell('seat.applied', { request: scene.request('guest', null) });
    expect(seen).toEqual([['guest']]);
    expect(heard).toEqual([['onGuestApplicationReceived', { guestUser: infoOf('guest') }]]);
  });

  it.each([
    ['cancelled', user('guest'), 'onGuestApplicationCancelled', { guestUser: infoOf('guest') }],
    ['timedOut', null, 'onGuestApplicationCancelled', { guestUser: infoOf('guest'), reason: 0 }],
    [
      'accepted',
      user('other'),
      'onGuestApplicationProcessedByOtherHost',
      { guestUser: infoOf('guest'), hostUser: infoOf('other') },
    ],
  ] as const)('hears that an application was %s by another', (outcome, by, event, payload) => {
    scene.tell('seat.applied', { request: scene.request('guest', null) });
    scene.tell('seat.applicationEnded', scene.ended('guest', outcome, by));
    expect(heard.at(-1)).toEqual([event, payload]);
    expect(useCoGuestState().applicants.value).toEqual([]);
  });

  it('hears nothing of the own answers', () => {
    scene.tell('seat.applicationEnded', scene.ended('guest', 'accepted', user('host')));
    expect(heard).toEqual([]);
  });

  it('accepts and rejects', async () => {
    await useCoGuestState().acceptApplication({ userId: 'guest' });
    await useCoGuestState().rejectApplication({ userId: 'other' });
    expect(scene.server.paramsOf('seat.acceptApplication')).toEqual([{ roomId: 'room', userId: 'guest' }]);
    expect(scene.server.paramsOf('seat.rejectApplication')).toEqual([{ roomId: 'room', userId: 'other' }]);
  });

  it('accepts somebody unknown without an error, and throws every other refusal', async () => {
    scene.server.on('seat.acceptApplication', ({ userId }) => {
      throw userId === 'unknown' ? new Refusal(-2311, 'noSuchRequest') : new Refusal(100205, 'allSeatsOccupied');
    });
    const { acceptApplication } = useCoGuestState();
    await expect(acceptApplication({ userId: 'unknown' })).resolves.toBeUndefined();
    await expect(acceptApplication({ userId: 'guest' })).rejects.toMatchObject({ code: 100205 });
  });

  it('invites and takes it back', async () => {
    const { inviteToSeat, cancelInvitation, invitees } = useCoGuestState();
    await inviteToSeat({ userId: 'guest', seatIndex: 2, timeout: 30 });
    expect(scene.server.paramsOf('seat.invite')).toEqual([
      { roomId: 'room', userId: 'guest', seatIndex: 2, timeout: 30 },
    ]);
    scene.tell('seat.invited', { request: scene.request('guest', user('host')) });
    expect(invitees.value.map(({ userId }) => userId)).toEqual(['guest']);
    expect(heard).toEqual([]);
    await cancelInvitation({ inviteeId: 'guest' });
    expect(scene.server.paramsOf('seat.cancelInvitation')).toEqual([{ roomId: 'room', userId: 'guest' }]);
  });

  it.each([
    ['accepted', user('guest'), 0, 'onHostInvitationResponded', { isAccept: true, guestUser: infoOf('guest') }],
    ['rejected', user('guest'), 0, 'onHostInvitationResponded', { isAccept: false, guestUser: infoOf('guest') }],
    ['timedOut', null, 0, 'onHostInvitationNoResponse', { guestUser: infoOf('guest'), reason: 0 }],
    ['alreadySeated', null, 0, 'onHostInvitationNoResponse', { guestUser: infoOf('guest'), reason: 1 }],
    [
      'failed',
      user('guest'),
      100205,
      'onHostInvitationError',
      { guestUser: infoOf('guest'), code: 100205, message: '' },
    ],
  ] as const)('hears once that an invitation was %s', (outcome, by, code, event, payload) => {
    const request = scene.request('guest', user('host'));
    scene.tell('seat.invited', { request });
    scene.tell('seat.invitationEnded', { ...scene.ended('guest', outcome, by, code), request });
    expect(heard).toEqual([[event, payload]]);
    expect(useCoGuestState().invitees.value).toEqual([]);
  });

  it('leaves another host\'s invitation to the other host', () => {
    const request = scene.request('guest', user('other'));
    scene.tell('seat.invitationEnded', { ...scene.ended('guest', 'accepted', user('guest')), request });
    expect(heard).toEqual([]);
  });

  it('hears at once that someone who had applied is on stage', async () => {
    scene.server.on('seat.invite', () => {
      scene.seats('guest');
      return { requestId: 'application', seated: true };
    });
    await useCoGuestState().inviteToSeat({ userId: 'guest' });
    expect(heard).toEqual([['onHostInvitationResponded', { isAccept: true, guestUser: infoOf('guest') }]]);
  });
});

describe('Outside a live', () => {
  it('nothing can be asked', async () => {
    const scene = new Scene('guest');
    await scene.signIn();
    await quiet();
    await expect(useCoGuestState().applyForSeat()).rejects.toMatchObject({ code: -2101 });
    expect(useCoGuestState().candidates.value).toEqual([]);
  });
});
