import { mount } from '@vue/test-utils';
import { CoGuestEvent, CoHostEvent, useCoGuestState, useDeviceState } from 'tuikit-atomicx-vue3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scene, quiet, seat, stubDevices, user } from '../scene';
import ApplicantList from './ApplicantList.vue';

/**
 * The calls of api documents for guest connections, in their order and with their names, parameters and (seconds)
 * timeouts. Only the module's name stands for another one.
 */

afterEach(() => vi.unstubAllGlobals());

describe('An audience member applies', () => {
  let scene: Scene;

  beforeEach(async () => {
    stubDevices();
    scene = new Scene('guest');
    await scene.join();
  });

  it('1: applies for any seat with a timeout', async () => {
    const { applyForSeat } = useCoGuestState();
    const handleApply = async (): Promise<void> => {
      await applyForSeat({ seatIndex: -1, timeout: 30 });
    };
    await handleApply();
    expect(scene.server.paramsOf('seat.apply')).toEqual([{ roomId: 'room', seatIndex: -1, timeout: 30 }]);
  });

  it('2: opens the devices when the host has accepted', async () => {
    const { subscribeEvent, unsubscribeEvent } = useCoGuestState();
    const { openLocalMicrophone, openLocalCamera } = useDeviceState();
    let opened: Promise<unknown> = Promise.resolve();
    const handleResponse = ({ isAccept }: { isAccept: boolean }): void => {
      if (isAccept) {
        opened = Promise.all([openLocalMicrophone(), openLocalCamera()]);
      }
    };
    subscribeEvent(CoGuestEvent.onGuestApplicationResponded, handleResponse);
    scene.seats('guest');
    scene.tell('seat.applicationEnded', scene.ended('guest', 'accepted', user('host')));
    await opened;
    unsubscribeEvent(CoGuestEvent.onGuestApplicationResponded, handleResponse);
    const { connected } = useCoGuestState();
    expect(connected.value.map(({ userId }) => userId)).toEqual(['host', 'guest']);
    expect(scene.server.paramsOf('media.publish')).toHaveLength(1);
  });

  it('3: hangs up', async () => {
    scene.seats('guest');
    const { disConnect } = useCoGuestState();
    await disConnect();
    expect(scene.server.paramsOf('seat.leave')).toEqual([{ roomId: 'room' }]);
  });

  it('4: cancels the application', async () => {
    const { cancelApplication } = useCoGuestState();
    await cancelApplication();
    expect(scene.server.paramsOf('seat.cancelApplication')).toEqual([{ roomId: 'room' }]);
  });
});

describe('A host is asked', () => {
  let scene: Scene;

  beforeEach(async () => {
    scene = new Scene('host');
    await scene.join();
  });

  it('5: hears of an application, under the name that documents give the event', () => {
    const { subscribeEvent } = useCoGuestState();
    const received = vi.fn();
    subscribeEvent(CoHostEvent.onGuestApplicationReceived, ({ guestUser }) => received(guestUser.userId));
    scene.tell('seat.applied', { request: scene.request('guest', null) });
    expect(received).toHaveBeenCalledExactlyOnceWith('guest');
  });

  it('6: lists the applicants and answers them', async () => {
    const list = mount(ApplicantList);
    scene.tell('seat.applied', { request: scene.request('guest', null) });
    scene.tell('seat.applied', { request: scene.request('other', null) });
    await quiet();
    expect(list.findAll('li').map((item) => item.get('span').text())).toEqual(['Name of guest', 'Name of other']);
    await list.findAll('button')[0]?.trigger('click');
    await list.findAll('button')[3]?.trigger('click');
    expect(scene.server.paramsOf('seat.acceptApplication')).toEqual([{ roomId: 'room', userId: 'guest' }]);
    expect(scene.server.paramsOf('seat.rejectApplication')).toEqual([{ roomId: 'room', userId: 'other' }]);
    scene.tell('seat.applicationEnded', scene.ended('guest', 'accepted', user('host')));
    await quiet();
    expect(list.findAll('li')).toHaveLength(1);
  });
});

describe('A host invites', () => {
  let scene: Scene;

  beforeEach(async () => {
    scene = new Scene('host');
    await scene.join();
  });

  it('7: invites someone of the audience', async () => {
    const { inviteToSeat } = useCoGuestState();
    await inviteToSeat({ userId: 'guest', seatIndex: -1, timeout: 30 });
    expect(scene.server.paramsOf('seat.invite')).toEqual([
      { roomId: 'room', userId: 'guest', seatIndex: -1, timeout: 30 },
    ]);
  });

  it('8: hears the answer, under the name that documents give the event', () => {
    const { subscribeEvent } = useCoGuestState();
    const answers: unknown[] = [];
    subscribeEvent(CoHostEvent.onHostInvitationResponded, ({ isAccept, guestUser }) =>
      answers.push([guestUser.userId, isAccept]),
    );
    const request = scene.request('guest', user('host'));
    scene.tell('seat.invitationEnded', { ...scene.ended('guest', 'rejected', user('guest')), request });
    expect(answers).toEqual([['guest', false]]);
  });
});

describe('An audience member is invited', () => {
  let scene: Scene;

  beforeEach(async () => {
    stubDevices();
    scene = new Scene('guest');
    await scene.join();
  });

  it('9: shows a dialog', () => {
    const { subscribeEvent } = useCoGuestState();
    const showInviteDialog = vi.fn();
    subscribeEvent(CoGuestEvent.onHostInvitationReceived, ({ hostUser }) => showInviteDialog(hostUser));
    scene.tell('seat.invited', { request: scene.request('guest', user('host')) });
    expect(showInviteDialog).toHaveBeenCalledExactlyOnceWith({
      userId: 'host',
      userName: 'Name of host',
      avatarUrl: '',
    });
  });

  it('10: accepts and opens the devices, or rejects', async () => {
    const { acceptInvitation, rejectInvitation } = useCoGuestState();
    const { openLocalMicrophone, openLocalCamera } = useDeviceState();
    scene.server.on('seat.acceptInvitation', () => {
      scene.seats('guest');
      return {};
    });
    await acceptInvitation({ inviterId: 'host' });
    await openLocalMicrophone();
    await openLocalCamera();
    expect(scene.server.paramsOf('media.publish')).toHaveLength(1);
    await rejectInvitation({ inviterId: 'host' });
    expect(scene.server.paramsOf('seat.rejectInvitation')).toEqual([{ roomId: 'room' }]);
  });

  it('is told when the host hangs up', () => {
    scene.seats('guest');
    const kicked = vi.fn();
    useCoGuestState().subscribeEvent(CoGuestEvent.onKickedOffSeat, ({ seatIndex }) => kicked(seatIndex));
    const left = [{ user: user('guest'), seatIndex: 1, reason: 'kicked' as const, by: user('host') }];
    scene.tell('seat.changed', { seats: [seat(0, 'host'), seat(1), seat(2)], joined: [], left });
    expect(kicked).toHaveBeenCalledExactlyOnceWith(1);
  });
});
