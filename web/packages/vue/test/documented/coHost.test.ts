import {
  CoHostEvent,
  CoHostLayoutTemplate,
  CoHostStatus,
  TUIConnectionCode,
  useCoHostState,
} from 'tuikit-atomicx-vue3';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Scene, roomHost } from '../scene';

/**
 * The calls that api documents show for connections between hosts, in their order and with their names, parameters and
 * (seconds) timeouts. Only the module's name stands for another one.
 */

let scene: Scene;

beforeEach(async () => {
  scene = new Scene('host');
  await scene.join();
});

describe('A host connects with another live', () => {
  it('1: chooses a candidate and asks, with the map of codes as the answer', async () => {
    scene.server.on('coHost.candidates', () => ({
      candidates: [{ ...roomHost('target'), audienceCount: 7 }],
      cursor: '',
    }));
    const { candidates, getCoHostCandidates, requestHostConnection } = useCoHostState();
    await getCoHostCandidates('');
    const [user] = candidates.value;
    const result = await requestHostConnection({
      liveId: user?.liveId ?? '',
      layoutTemplate: CoHostLayoutTemplate.HostDynamicGrid,
      timeout: 30,
      extensionInfo: JSON.stringify({ withBattle: false }),
    });
    expect(result.get('target')).toBe(TUIConnectionCode.TUIConnectionCodeSuccess);
    expect(scene.server.paramsOf('coHost.request')).toEqual([
      {
        roomId: 'room',
        targetRoomIds: ['target'],
        layoutTemplateId: 600,
        timeout: 30,
        extraInfo: '{"withBattle":false}',
      },
    ]);
  });

  it('2: hears accepted, then joined, and is connected', () => {
    const { coHostStatus, connected, subscribeEvent, unsubscribeEvent } = useCoHostState();
    const heard: string[] = [];
    const accepted = ({ invitee }: { invitee: { userName: string } }): void =>
      void heard.push(`accepted by ${invitee.userName}`);
    const joined = ({ userInfo }: { userInfo: { liveId: string } }): void =>
      void heard.push(`joined ${userInfo.liveId}`);
    subscribeEvent(CoHostEvent.onCoHostRequestAccepted, accepted);
    subscribeEvent(CoHostEvent.onCoHostUserJoined, joined);
    scene.asks('room', 'target');
    scene.connects(['target']);
    scene.asked('room', 'target', 'accepted');
    expect(heard).toEqual(['accepted by Name of host-target', 'joined target']);
    expect(coHostStatus.value).toBe(CoHostStatus.Connected);
    expect(connected.value.some(({ userId }) => userId === 'host')).toBe(true);
    unsubscribeEvent(CoHostEvent.onCoHostRequestAccepted, accepted);
    unsubscribeEvent(CoHostEvent.onCoHostUserJoined, joined);
  });

  it('3: hears nothing but the timeout when nobody answers', () => {
    const timedOut = vi.fn();
    useCoHostState().subscribeEvent(CoHostEvent.onCoHostRequestTimeout, ({ inviter, invitee }) =>
      timedOut(inviter.liveId, invitee.liveId),
    );
    scene.asks('room', 'target');
    scene.asked('room', 'target', 'timedOut');
    expect(timedOut).toHaveBeenCalledExactlyOnceWith('room', 'target');
  });
});

describe('A host is asked by another live', () => {
  it('4: shows who asks, and accepts', async () => {
    const { applicant, acceptHostConnection, subscribeEvent } = useCoHostState();
    let accepting: Promise<void> = Promise.resolve();
    subscribeEvent(CoHostEvent.onCoHostRequestReceived, ({ inviter, extensionInfo }) => {
      expect([inviter.userName, extensionInfo]).toEqual(['Name of host-other', '']);
      accepting = acceptHostConnection({ liveId: applicant.value?.liveId ?? '' });
    });
    scene.asks('other', 'room');
    await accepting;
    expect(scene.server.paramsOf('coHost.accept')).toEqual([{ roomId: 'room', fromRoomId: 'other' }]);
  });

  it('5: silences the other live, and leaves', async () => {
    const { muteRemoteHostAudio, exitHostConnection } = useCoHostState();
    scene.connects(['other']);
    await muteRemoteHostAudio('other', true);
    await exitHostConnection();
    expect(scene.server.paramsOf('coHost.muteRemoteAudio')).toEqual([
      { roomId: 'room', remoteRoomId: 'other', muted: true },
    ]);
    expect(scene.server.paramsOf('coHost.exit')).toEqual([{ roomId: 'room' }]);
  });
});
