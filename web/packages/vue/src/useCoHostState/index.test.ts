import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Refusal, Scene, connection, hostRequest, quiet, roomHost, seat, snapshot, stageEntry } from '../../test/scene';
import {
  CoHostEvent,
  CoHostLayoutTemplate,
  CoHostStatus,
  HostEvent,
  TUIConnectionCode,
  useCoHostState,
  useLiveListState,
  type CoHostEventPayloads,
} from '../index';

const names = Object.values(CoHostEvent).filter((name): name is keyof CoHostEventPayloads => !(name in HostEvent));
const hostOf = (liveId: string) => ({ liveId, userId: roomHost(liveId).host.userId });

/** Everything that is told from now on, in order. */
function listen(): [string, unknown][] {
  const heard: [string, unknown][] = [];
  for (const name of names) {
    const hear = (payload: CoHostEventPayloads[typeof name]): void => void heard.push([name, payload]);
    useCoHostState().subscribeEvent(name, hear);
  }
  return heard;
}

const liveIds = (people: readonly { liveId: string }[]): string[] => people.map(({ liveId }) => liveId);

let scene: Scene;
let heard: [string, unknown][];

beforeEach(async () => {
  scene = new Scene('host');
  await scene.join();
  heard = listen();
});

describe('The values', () => {
  it('are those that documents use', () => {
    expect(names).toHaveLength(7);
    expect(CoHostEvent).toMatchObject(HostEvent);
    expect(CoHostStatus).toEqual({ Connected: 'Connected', Disconnected: 'Disconnected' });
    expect(CoHostLayoutTemplate).toMatchObject({ HostVoiceConnection: 2, HostDynamicGrid: 600, HostDynamic1v6: 601 });
    expect(TUIConnectionCode.TUIConnectionCodeSuccess).toBe(TUIConnectionCode.success);
  });
});

describe('A host who asks', () => {
  it('names live, layout, seconds and what else the other should know, and learns what became of it', async () => {
    scene.server.on('coHost.request', () => ({ results: { b: 3 } }));
    const codes = await useCoHostState().requestHostConnection({
      liveId: 'b',
      layoutTemplate: CoHostLayoutTemplate.HostDynamic1v6,
      timeout: 30,
      extensionInfo: 'hi',
    });
    expect(codes).toEqual(new Map([['b', TUIConnectionCode.connectingOtherRoom]]));
    expect(scene.server.paramsOf('coHost.request')).toEqual([
      { roomId: 'room', targetRoomIds: ['b'], layoutTemplateId: 601, timeout: 30, extraInfo: 'hi' },
    ]);
  });

  it('leaves to the server what is not said', async () => {
    await useCoHostState().requestHostConnection({ liveId: 'b' });
    expect(scene.server.paramsOf('coHost.request')).toEqual([{ roomId: 'room', targetRoomIds: ['b'] }]);
  });

  it('finds whom they asked among the invitees, until when, and hears nothing yet', () => {
    scene.tell('coHost.requested', { request: { ...hostRequest('room', 'b'), expiresAt: 30_000, extraInfo: 'hi' } });
    const { invitees } = useCoHostState();
    expect(invitees.value).toMatchObject([{ ...hostOf('b'), expiresAt: 30_000, extensionInfo: 'hi' }]);
    expect(invitees.value[0]).toMatchObject({ layoutTemplate: 600, requestId: 'request-room-b' });
    expect(heard).toEqual([]);
  });

  it('is connected already when told of the acceptance, and hears then who joined', () => {
    const { coHostStatus, connected, invitees, subscribeEvent } = useCoHostState();
    const seen: unknown[] = [];
    subscribeEvent('onCoHostRequestAccepted', () =>
      seen.push([coHostStatus.value, liveIds(connected.value), invitees.value]),
    );
    scene.asks('room', 'b');
    scene.connects(['b']);
    scene.asked('room', 'b', 'accepted');
    expect(seen).toEqual([['Connected', ['room', 'b'], []]]);
    expect(heard).toMatchObject([
      ['onCoHostRequestAccepted', { invitee: hostOf('b') }],
      ['onCoHostUserJoined', { userInfo: hostOf('b') }],
    ]);
  });

  it('hears of everybody in the connection that they joined', () => {
    scene.asks('room', 'b');
    scene.connects(['c', 'b', 'd']);
    scene.asked('room', 'b', 'accepted');
    expect(heard.map(([name]) => name)).toEqual([
      'onCoHostRequestAccepted',
      'onCoHostUserJoined',
      'onCoHostUserJoined',
      'onCoHostUserJoined',
    ]);
  });

  it.each([
    ['rejected', 0, 'onCoHostRequestRejected', { invitee: hostOf('b') }],
    ['roomEnded', 0, 'onCoHostRequestCancelled', { inviter: hostOf('room'), invitee: hostOf('b') }],
    ['failed', 100404, 'onCoHostRequestRejected', { invitee: hostOf('b'), code: 100404 }],
    ['timedOut', 0, 'onCoHostRequestTimeout', { inviter: hostOf('room'), invitee: hostOf('b') }],
  ] as const)('hears once that the request was %s', (outcome, code, event, payload) => {
    scene.asks('room', 'b');
    scene.asked('room', 'b', outcome, code);
    expect(heard).toMatchObject([[event, payload]]);
    expect(useCoHostState().invitees.value).toEqual([]);
  });

  it('hears of each, first of the request and then who joined, when one brings the other along', () => {
    scene.asks('room', 'b');
    scene.asks('room', 'c');
    scene.connects(['b', 'c']);
    scene.asked('room', 'b', 'accepted');
    scene.asked('room', 'c', 'alreadySeated');
    expect(heard).toMatchObject([
      ['onCoHostRequestAccepted', { invitee: hostOf('b') }],
      ['onCoHostUserJoined', { userInfo: hostOf('b') }],
      ['onCoHostRequestAccepted', { invitee: hostOf('c') }],
      ['onCoHostUserJoined', { userInfo: hostOf('c') }],
    ]);
    expect(useCoHostState().invitees.value).toEqual([]);
  });

  it('hears who joined when another brought them along while they were still being asked', () => {
    scene.asks('room', 'c');
    scene.connects(['b', 'c']);
    scene.asked('room', 'c', 'alreadySeated');
    expect(heard.map(([name]) => name)).toEqual([
      'onCoHostRequestAccepted',
      'onCoHostUserJoined',
      'onCoHostUserJoined',
    ]);
  });

  it('takes a request back, and hears nothing of that', async () => {
    scene.asks('room', 'b');
    await useCoHostState().cancelHostConnection({ liveId: 'b' });
    scene.asked('room', 'b', 'cancelled');
    expect(scene.server.paramsOf('coHost.cancel')).toEqual([{ roomId: 'room', targetRoomId: 'b' }]);
    expect(heard).toEqual([]);
  });

  it('cancels what is not open without an error', async () => {
    scene.server.on('coHost.cancel', () => {
      throw new Refusal(-2311, 'noSuchRequest');
    });
    await expect(useCoHostState().cancelHostConnection({ liveId: 'b' })).resolves.toBeUndefined();
  });

  it('is told once of an acceptance when the other had asked already, and who joined', async () => {
    scene.asks('b', 'room');
    heard.length = 0;
    scene.server.on('coHost.request', () => {
      scene.connects(['b']);
      scene.asked('b', 'room', 'accepted');
      return { results: { b: 0 } };
    });
    expect(await useCoHostState().requestHostConnection({ liveId: 'b' })).toEqual(new Map([['b', 0]]));
    expect(heard).toMatchObject([
      ['onCoHostRequestAccepted', { invitee: hostOf('b') }],
      ['onCoHostUserJoined', { userInfo: hostOf('b') }],
    ]);
  });

  it('is told so also when the answer overtakes the events', async () => {
    scene.asks('b', 'room');
    heard.length = 0;
    await useCoHostState().requestHostConnection({ liveId: 'b' });
    scene.connects(['b']);
    scene.asked('b', 'room', 'accepted');
    expect(heard.map(([name]) => name)).toEqual(['onCoHostRequestAccepted', 'onCoHostUserJoined']);
  });

  it('is not told of an acceptance of their own when their request was refused', async () => {
    scene.asks('b', 'room');
    scene.server.on('coHost.request', () => ({ results: { b: 5 } }));
    await useCoHostState().requestHostConnection({ liveId: 'b' });
    heard.length = 0;
    await useCoHostState().acceptHostConnection({ liveId: 'b' });
    scene.connects(['b']);
    scene.asked('b', 'room', 'accepted');
    expect(heard.map(([name]) => name)).toEqual(['onCoHostUserJoined']);
  });
});

describe('A host who is asked', () => {
  it('finds the applicant in the state when told', () => {
    const { applicant, subscribeEvent } = useCoHostState();
    const seen: unknown[] = [];
    subscribeEvent(CoHostEvent.onCoHostRequestReceived, () => seen.push(applicant.value?.liveId));
    scene.tell('coHost.requested', { request: { ...hostRequest('b', 'room'), extraInfo: 'hi' } });
    expect(seen).toEqual(['b']);
    expect(heard).toMatchObject([['onCoHostRequestReceived', { inviter: hostOf('b'), extensionInfo: 'hi' }]]);
  });

  it('has the newest of several as the applicant, and none of the others is lost', () => {
    const { applicant, applicants } = useCoHostState();
    scene.asks('b', 'room');
    scene.asks('c', 'room');
    expect([applicant.value?.liveId, liveIds(applicants.value)]).toEqual(['c', ['b', 'c']]);
    scene.asked('c', 'room', 'rejected');
    expect(applicant.value?.liveId).toBe('b');
    scene.asked('b', 'room', 'timedOut');
    expect(applicant.value).toBeNull();
  });

  it('answers', async () => {
    await useCoHostState().acceptHostConnection({ liveId: 'b' });
    await useCoHostState().rejectHostConnection({ liveId: 'c' });
    expect(scene.server.paramsOf('coHost.accept')).toEqual([{ roomId: 'room', fromRoomId: 'b' }]);
    expect(scene.server.paramsOf('coHost.reject')).toEqual([{ roomId: 'room', fromRoomId: 'c' }]);
  });

  it('is refused what cannot be accepted any more; to reject it does nothing', async () => {
    const gone = (): never => {
      throw new Refusal(-2311, 'noSuchRequest');
    };
    scene.server.on('coHost.accept', gone);
    scene.server.on('coHost.reject', gone);
    await expect(useCoHostState().acceptHostConnection({ liveId: 'b' })).rejects.toMatchObject({ code: -2311 });
    await expect(useCoHostState().rejectHostConnection({ liveId: 'b' })).resolves.toBeUndefined();
  });

  it.each([
    ['cancelled', 'onCoHostRequestCancelled'],
    ['roomEnded', 'onCoHostRequestCancelled'],
    ['timedOut', 'onCoHostRequestTimeout'],
  ] as const)('hears that there is nothing to answer any more when it was %s', (outcome, event) => {
    scene.asks('b', 'room');
    heard.length = 0;
    scene.asked('b', 'room', outcome);
    expect(heard).toMatchObject([[event, { inviter: hostOf('b'), invitee: hostOf('room') }]]);
    expect(useCoHostState().applicant.value).toBeNull();
  });

  const answers = ['accepted', 'rejected', 'failed', 'alreadySeated'] as const;
  it.each(answers)('hears nothing of a request that was %s', (outcome) => {
    scene.asks('b', 'room');
    heard.length = 0;
    scene.asked('b', 'room', outcome);
    expect(heard).toEqual([]);
  });
});

describe('Connected lives', () => {
  it('are known with their hosts and their devices, this one among them', () => {
    scene.connects(['b']);
    const { coHostStatus, connected } = useCoHostState();
    expect(coHostStatus.value).toBe(CoHostStatus.Connected);
    expect(connected.value).toMatchObject([
      { ...hostOf('room'), microphoneStatus: 1, cameraStatus: 1, role: 0, isReconnecting: false },
      { ...hostOf('b'), microphoneStatus: 1, cameraStatus: 1, role: 0 },
    ]);
    const entries = [stageEntry(0, 'host'), { ...stageEntry(1, 'host-b'), roomId: 'b', microphone: 'off' as const }];
    scene.tell('stage.changed', { stage: entries, canvas: { width: 720, height: 1280 } });
    scene.tell('seat.changed', { seats: [{ ...seat(0, 'host'), reconnecting: true }], joined: [], left: [] });
    expect(connected.value).toMatchObject([{ isReconnecting: true }, { microphoneStatus: 0, cameraStatus: 1 }]);
  });

  it('are joined by a third', () => {
    scene.connects(['b']);
    heard.length = 0;
    scene.connects(['b', 'c']);
    expect(heard).toMatchObject([['onCoHostUserJoined', { userInfo: hostOf('c') }]]);
    expect(liveIds(useCoHostState().connected.value)).toEqual(['room', 'b', 'c']);
  });

  it('are left by another, who is gone from the state when that is told', () => {
    const seen: unknown[] = [];
    scene.connects(['b', 'c']);
    const { connected, subscribeEvent } = useCoHostState();
    subscribeEvent('onCoHostUserLeft', () => seen.push(liveIds(connected.value)));
    heard.length = 0;
    scene.connects(['c'], [{ ...roomHost('b'), reason: 'left' }]);
    expect(heard).toMatchObject([['onCoHostUserLeft', { userInfo: { ...hostOf('b'), microphoneStatus: 0 } }]]);
    expect(seen).toEqual([['room', 'c']]);
  });

  it('are none any more when this one is left alone, and the other\'s leaving is told', () => {
    scene.connects(['b']);
    heard.length = 0;
    scene.connects([], [
      { ...roomHost('b'), reason: 'roomEnded' },
      { ...roomHost('room'), reason: 'alone' },
    ]);
    expect(heard).toMatchObject([['onCoHostUserLeft', { userInfo: hostOf('b') }]]);
    expect(useCoHostState().coHostStatus.value).toBe(CoHostStatus.Disconnected);
    expect(useCoHostState().connected.value).toEqual([]);
  });

  it('are left by this one without a word of the others', async () => {
    scene.connects(['b']);
    heard.length = 0;
    await useCoHostState().exitHostConnection();
    scene.connects([], [{ ...roomHost('room'), reason: 'left' }]);
    expect(scene.server.paramsOf('coHost.exit')).toEqual([{ roomId: 'room' }]);
    expect(heard).toEqual([]);
    expect(useCoHostState().coHostStatus.value).toBe(CoHostStatus.Disconnected);
  });

  it('cannot be left when there are none', async () => {
    scene.server.on('coHost.exit', () => {
      throw new Refusal(100400, 'connectionNotFound');
    });
    await expect(useCoHostState().exitHostConnection()).rejects.toMatchObject({ code: 100400 });
  });

  it('are silenced one by one, and nothing else is told', async () => {
    scene.connects(['b', 'c']);
    heard.length = 0;
    await useCoHostState().muteRemoteHostAudio('b', true);
    scene.connects(['b', 'c'], [], ['b']);
    expect(scene.server.paramsOf('coHost.muteRemoteAudio')).toEqual([
      { roomId: 'room', remoteRoomId: 'b', muted: true },
    ]);
    expect(useCoHostState().mutedHosts.value).toEqual(['b']);
    expect(heard).toEqual([]);
  });

  it('come with a snapshot, without an event', () => {
    const known = { connection: connection(['b'], ['b']), receivedHostRequests: [hostRequest('c', 'room')] };
    scene.server.notify('room.sync', { roomId: 'room', seq: 90, room: snapshot({ role: 'host', ...known }) });
    const { connected, applicant, mutedHosts } = useCoHostState();
    expect([liveIds(connected.value), applicant.value?.liveId, mutedHosts.value]).toEqual([['room', 'b'], 'c', ['b']]);
    expect(heard).toEqual([]);
  });
});

describe('When the live is over', () => {
  it('nothing of all this is left', async () => {
    scene.server.on('coHost.candidates', () => ({
      candidates: [{ ...roomHost('e'), audienceCount: 0 }],
      cursor: 'more',
    }));
    await useCoHostState().getCoHostCandidates('');
    scene.asks('room', 'b');
    scene.asks('c', 'room');
    scene.connects(['d'], [], ['d']);
    heard.length = 0;
    await useLiveListState().leaveLive();
    const { coHostStatus, ...state } = useCoHostState();
    expect(coHostStatus.value).toBe(CoHostStatus.Disconnected);
    expect([state.connected, state.invitees, state.applicants, state.candidates].map(({ value }) => value)).toEqual([
      [],
      [],
      [],
      [],
    ]);
    expect([state.applicant.value, state.candidatesCursor.value, state.mutedHosts.value]).toEqual([null, '', []]);
    expect(heard).toEqual([]);
  });

  it('nothing can be asked', async () => {
    scene.tell('room.ended', { reason: 'host' });
    await quiet();
    await expect(useCoHostState().requestHostConnection({ liveId: 'b' })).rejects.toMatchObject({ code: -2101 });
    await expect(useCoHostState().getCoHostCandidates('')).rejects.toMatchObject({ code: -2101 });
  });

  it('the next one is told of as this one was', async () => {
    await useLiveListState().leaveLive();
    await scene.rejoin();
    scene.asks('b', 'room');
    expect(heard.map(([name]) => name)).toEqual(['onCoHostRequestReceived']);
  });
});

describe('A function that is not subscribed', () => {
  it('takes nobody else away when it is unsubscribed', () => {
    const { subscribeEvent, unsubscribeEvent } = useCoHostState();
    const callback = vi.fn();
    subscribeEvent(CoHostEvent.onCoHostUserJoined, callback);
    unsubscribeEvent(CoHostEvent.onCoHostUserJoined, () => undefined);
    scene.connects(['b']);
    expect(callback).toHaveBeenCalledOnce();
    unsubscribeEvent(CoHostEvent.onCoHostUserJoined, callback);
    scene.connects(['b', 'c']);
    expect(callback).toHaveBeenCalledOnce();
  });
});

describe('Someone in the audience', () => {
  it('sees the connection, and nothing of requests', async () => {
    scene = new Scene('guest');
    await scene.join();
    scene.connects(['b']);
    const { coHostStatus, connected, invitees, applicants } = useCoHostState();
    expect([coHostStatus.value, liveIds(connected.value)]).toEqual(['Connected', ['room', 'b']]);
    expect([invitees.value, applicants.value]).toEqual([[], []]);
  });
});
