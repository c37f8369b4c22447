import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Refusal, Scene, quiet, snapshot } from '../../test/scene';
import { LiveEndedReason, LiveKickedOutReason, LiveListEvent, SeatMode, useLiveListState } from '../index';
import { makeReady } from '../LiveView/readyPictures';

// The streams of these tests are no streams a browser would play.
vi.mock('../LiveView/readyPictures');

let scene: Scene;

beforeEach(() => {
  scene = new Scene('ada');
});

describe('useLiveListState', () => {
  it('joins a live and shows it', async () => {
    await scene.join({ name: 'Sunday kitchen', audienceCount: 7 });
    const { currentLive, currentRole } = useLiveListState();
    expect(currentLive.value).toMatchObject({ liveId: 'room', liveName: 'Sunday kitchen', currentViewerCount: 7 });
    expect(currentRole.value).toBe('audience');
  });

  it('needs someone who is signed in', async () => {
    await expect(useLiveListState().joinLive({ liveId: 'room' })).rejects.toMatchObject({ code: -1002 });
  });

  it('throws when there is no such live, and joins none', async () => {
    await scene.signIn();
    scene.server.on('room.join', () => {
      throw new Refusal(100004, 'roomNotFound');
    });
    const { joinLive, currentLive } = useLiveListState();
    await expect(joinLive({ liveId: 'nowhere' })).rejects.toMatchObject({ code: 100004 });
    expect(currentLive.value).toBeNull();
  });

  it('is in one live at a time', async () => {
    await scene.join();
    const { joinLive } = useLiveListState();
    await expect(joinLive({ liveId: 'other' })).rejects.toMatchObject({ code: -2108 });
    expect((await joinLive({ liveId: 'room' })).liveId).toBe('room');
    expect(scene.server.paramsOf('room.join')).toHaveLength(1);
  });

  it('prepares a live, which is then joined without an offer', async () => {
    await scene.signIn();
    scene.server.on('media.prepare', ({ offer }) => ({ answer: `answer to ${offer}` }));
    scene.server.on('room.join', () => ({ room: snapshot(), seq: 1, prepared: true }));
    const { prepareLive, joinLive, currentLive } = useLiveListState();
    expect(await prepareLive({ liveId: 'room' })).toBe(true);
    expect(currentLive.value).toBeNull();
    expect(makeReady).toHaveBeenCalledTimes(1);
    await joinLive({ liveId: 'room' });
    expect(scene.server.paramsOf('room.join')).toEqual([{ roomId: 'room' }]);
  });

  it('prepares nothing for someone who is not signed in, or lets go again', async () => {
    const { prepareLive, dropPreparedLive } = useLiveListState();
    dropPreparedLive({ liveId: 'room' });
    expect(await prepareLive({ liveId: 'room' })).toBe(false);
    await scene.signIn();
    scene.server.on('media.prepare', ({ offer }) => ({ answer: `answer to ${offer}` }));
    const preparing = prepareLive({ liveId: 'room' });
    dropPreparedLive({ liveId: 'room' });
    expect(await preparing).toBe(false);
  });

  it('goes live with the settings in the server\'s words', async () => {
    await scene.signIn();
    scene.server.on('room.start', () => ({ room: snapshot({ role: 'host' }), seq: 1 }));
    await useLiveListState().startLive({
      liveId: 'room',
      liveName: 'Kitchen',
      seatLayoutTemplateId: 801,
      maxSeatCount: 7,
      seatMode: SeatMode.FREE,
    });
    expect(scene.server.paramsOf('room.start')).toEqual([
      { roomId: 'room', name: 'Kitchen', seatLayoutTemplateId: 801, maxSeats: 7, seatMode: 'free' },
    ]);
    expect(useLiveListState().currentRole.value).toBe('host');
  });

  it('leaves at once, and leaves nothing when there is nothing', async () => {
    await scene.join();
    const { leaveLive, currentLive } = useLiveListState();
    const left = leaveLive();
    expect(currentLive.value).toBeNull();
    await left;
    await leaveLive();
    expect(scene.server.paramsOf('room.leave')).toEqual([{ roomId: 'room' }]);
  });

  it('stays in no live that was left while it was being joined', async () => {
    await scene.signIn();
    scene.server.on('room.join', ({ offer }) => ({ room: snapshot(), seq: 1, answer: `answer to ${offer}` }));
    const { joinLive, leaveLive, currentLive } = useLiveListState();
    const joining = joinLive({ liveId: 'room' });
    void leaveLive();
    await expect(joining).rejects.toMatchObject({ code: -2101 });
    await quiet();
    expect(currentLive.value).toBeNull();
    expect(scene.server.paramsOf('room.leave')).toEqual([{ roomId: 'room' }]);
  });

  it('changes what it says, and how members come on stage', async () => {
    await scene.join();
    const { updateLiveInfo } = useLiveListState();
    await updateLiveInfo({ seatLayoutTemplateId: 800, seatMode: SeatMode.FREE });
    expect(scene.server.paramsOf('room.update')).toEqual([{ roomId: 'room', seatLayoutTemplateId: 800 }]);
    expect(scene.server.paramsOf('seat.setMode')).toEqual([{ roomId: 'room', seatMode: 'free' }]);
  });

  it.each([
    ['host', LiveEndedReason.endedByHost],
    ['server', LiveEndedReason.endedByServer],
    ['hostTimeout', LiveEndedReason.endedByServer],
  ] as const)('tells the end by %s after the live is gone from the state', async (reason, told) => {
    await scene.join();
    const { subscribeEvent, currentLive } = useLiveListState();
    const heard: unknown[] = [];
    subscribeEvent(LiveListEvent.onLiveEnded, (ended) => heard.push([ended.reason, currentLive.value]));
    scene.tell('room.ended', { reason });
    expect(heard).toEqual([[told, null]]);
  });

  it('tells who is put out of the live why', async () => {
    await scene.join();
    const heard = vi.fn();
    useLiveListState().subscribeEvent(LiveListEvent.onKickedOutOfLive, heard);
    const user = { userId: 'ada', userName: 'Ada', avatarUrl: '' };
    scene.tell('audience.left', { user, role: 'audience', reason: 'kicked', durationSeconds: 1 });
    expect(heard).toHaveBeenCalledWith({ liveId: 'room', reason: LiveKickedOutReason.byAdmin, message: '' });
  });

  it('tells who came with a newer connection that the older is out', async () => {
    await scene.join();
    const heard = vi.fn();
    useLiveListState().subscribeEvent(LiveListEvent.onKickedOutOfLive, heard);
    scene.server.socket.end(4501, 'replaced');
    expect(heard).toHaveBeenCalledWith(
      expect.objectContaining({ reason: LiveKickedOutReason.byLoggedOnOtherDevice }),
    );
  });

  it('lists the lives, page by page', async () => {
    await scene.signIn();
    scene.server.on('room.list', ({ cursor }) => {
      const first = cursor === '';
      return { rooms: [{ ...snapshot({ roomId: first ? 'a' : 'b' }) }], cursor: first ? 'next' : '' };
    });
    const { fetchLiveList, liveList, liveListCursor } = useLiveListState();
    await fetchLiveList();
    await fetchLiveList({ cursor: liveListCursor.value });
    expect(liveList.value.map(({ liveId }) => liveId)).toEqual(['a', 'b']);
    expect(liveListCursor.value).toBe('');
    await fetchLiveList();
    expect(liveList.value.map(({ liveId }) => liveId)).toEqual(['a']);
  });
});
