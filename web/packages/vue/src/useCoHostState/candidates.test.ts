import { beforeEach, describe, expect, it } from 'vitest';
import { Scene, roomHost } from '../../test/scene';
import { useCoHostState } from '../index';

const liveIds = (people: readonly { liveId: string }[]): string[] => people.map(({ liveId }) => liveId);

let scene: Scene;

beforeEach(async () => {
  scene = new Scene('host');
  await scene.join();
});

describe('Candidates', () => {
  const page = (cursor: string, ...rooms: string[]) => ({
    candidates: rooms.map((roomId) => ({ ...roomHost(roomId), audienceCount: 3 })),
    cursor,
  });

  it('come page by page, each live once', async () => {
    scene.server.on('coHost.candidates', ({ cursor }) => (cursor === '' ? page('2', 'b', 'c') : page('', 'c', 'd')));
    const { getCoHostCandidates, candidates, candidatesCursor } = useCoHostState();
    await getCoHostCandidates('');
    expect([liveIds(candidates.value), candidatesCursor.value]).toEqual([['b', 'c'], '2']);
    expect(candidates.value[0]).toMatchObject({ liveId: 'b', userId: 'host-b', currentViewerCount: 3 });
    await getCoHostCandidates('2');
    expect([liveIds(candidates.value), candidatesCursor.value]).toEqual([['b', 'c', 'd'], '']);
    await getCoHostCandidates('');
    expect(liveIds(candidates.value)).toEqual(['b', 'c']);
    expect(scene.server.paramsOf('coHost.candidates').map(({ cursor }) => cursor)).toEqual(['', '2', '']);
  });

  it('are not those who are asked or connected already', async () => {
    scene.server.on('coHost.candidates', () => page('', 'b', 'c', 'd'));
    await useCoHostState().getCoHostCandidates('');
    scene.asks('room', 'b');
    scene.connects(['c']);
    const { candidates } = useCoHostState();
    expect(liveIds(candidates.value)).toEqual(['d']);
    scene.asked('room', 'b', 'rejected');
    expect(liveIds(candidates.value)).toEqual(['b', 'd']);
  });

  it('of a list that was begun anew meanwhile are dropped', async () => {
    const { getCoHostCandidates, candidates, candidatesCursor } = useCoHostState();
    scene.server.on('coHost.candidates', () => page('2', 'b'));
    await getCoHostCandidates('');
    scene.server.on('coHost.candidates', ({ cursor }) => (cursor === '' ? page('', 'c') : page('3', 'old')));
    await Promise.all([getCoHostCandidates('2'), getCoHostCandidates('')]);
    expect([liveIds(candidates.value), candidatesCursor.value]).toEqual([['c'], '']);
  });
});
