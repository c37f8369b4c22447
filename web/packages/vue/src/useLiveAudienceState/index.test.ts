import { beforeEach, describe, expect, it } from 'vitest';
import { Scene, user } from '../../test/scene';
import { LiveAudienceEvent, Role, useLiveAudienceState, useLiveListState } from '../index';

let scene: Scene;

beforeEach(async () => {
  scene = new Scene('host');
  await scene.join();
});

describe('useLiveAudienceState', () => {
  it('shows who watches, the latest first, and how many', () => {
    const { audienceList, audienceCount } = useLiveAudienceState();
    scene.tell('audience.joined', { user: user('ada'), role: 'audience' });
    expect(audienceList.value.map(({ userId }) => userId)).toEqual(['ada', 'guest']);
    expect(audienceList.value[0]).toMatchObject({ userRole: Role.GeneralUser, joinedTimestamp: 1011 });
    expect(audienceList.value[1]?.joinedTimestamp).toBeNull();
    expect(audienceCount.value).toBe(2);
  });

  it('tells who comes and goes, by both spellings, after the list shows it', () => {
    const { subscribeEvent, audienceList } = useLiveAudienceState();
    const heard: unknown[] = [];
    subscribeEvent(LiveAudienceEvent.onAudienceJoined, ({ audience }) =>
      heard.push([audience.userId, audienceList.value.length]),
    );
    subscribeEvent(LiveAudienceEvent.ON_AUDIENCE_LEFT, ({ audience }) =>
      heard.push([audience.userId, audienceList.value.length]),
    );
    scene.tell('audience.joined', { user: user('ada'), role: 'audience' });
    scene.tell('audience.left', { user: user('ada'), role: 'audience', reason: 'left', durationSeconds: 1 });
    expect(heard).toEqual([
      ['ada', 2],
      ['ada', 1],
    ]);
  });

  it('learns roles and times of those who were there before', async () => {
    scene.server.on('audience.list', () => ({
      members: [{ user: user('guest'), role: 'admin', joinedAt: 5 }],
      count: 1,
      cursor: '',
    }));
    const { fetchAudienceList, audienceList } = useLiveAudienceState();
    await fetchAudienceList();
    expect(audienceList.value).toMatchObject([{ userRole: Role.Administrator, joinedTimestamp: 5 }]);
    scene.tell('member.roleChanged', { user: user('guest'), role: 'audience' });
    expect(audienceList.value).toMatchObject([{ userRole: Role.GeneralUser, joinedTimestamp: 5 }]);
  });

  it('takes the server\'s sample where there are too many to tell each', () => {
    const { audienceList, audienceCount } = useLiveAudienceState();
    scene.tell('audience.changed', { count: 5000, sample: [user('x'), user('y')] });
    expect(audienceCount.value).toBe(5000);
    expect(audienceList.value).toHaveLength(2);
  });

  it('makes admins, takes that back, removes members', async () => {
    const { setAdministrator, revokeAdministrator, kickUserOutOfRoom } = useLiveAudienceState();
    await setAdministrator({ userId: 'guest' });
    await revokeAdministrator({ userId: 'guest' });
    await kickUserOutOfRoom({ userId: 'guest' });
    expect(scene.server.paramsOf('audience.setAdmin').map(({ isAdmin }) => isAdmin)).toEqual([true, false]);
    expect(scene.server.paramsOf('audience.kick')).toEqual([{ roomId: 'room', userId: 'guest' }]);
  });

  it('forbids members to write, and shows it when they come back', async () => {
    const { disableSendMessage, isMessageDisabled, audienceList } = useLiveAudienceState();
    await disableSendMessage({ userId: 'guest', isDisable: true });
    expect(scene.server.paramsOf('audience.setMessageDisabled')).toEqual([
      { roomId: 'room', userId: 'guest', disabled: true },
    ]);
    scene.tell('member.messageDisabledChanged', { user: user('guest'), disabled: true });
    expect(audienceList.value).toMatchObject([{ isMessageDisabled: true }]);
    scene.tell('audience.left', { user: user('guest'), role: 'audience', reason: 'left', durationSeconds: 1 });
    expect([isMessageDisabled({ userId: 'guest' }), isMessageDisabled({ userId: 'other' })]).toEqual([true, false]);
    scene.tell('audience.joined', { user: user('guest'), role: 'audience' });
    expect(audienceList.value).toMatchObject([{ isMessageDisabled: true }]);
  });

  it('is empty outside a live', async () => {
    await useLiveListState().leaveLive();
    expect(useLiveAudienceState().audienceList.value).toEqual([]);
    expect(useLiveAudienceState().audienceCount.value).toBe(0);
  });
});
