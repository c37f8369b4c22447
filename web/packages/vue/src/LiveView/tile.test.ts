import { describe, expect, it } from 'vitest';
import type { Seat, StageEntry } from '@dais/client';
import { tilesOf, type TileSources } from './tile';

const host = { userId: 'host', userName: 'Ada', avatarUrl: '' };
const guest = { userId: 'guest', userName: 'Ben', avatarUrl: '' };
const region = { x: 0, y: 0, width: 1, height: 1, zOrder: 0 };

const entry = (slot: number, user: typeof host, roomId = 'room'): StageEntry => ({
  slot,
  roomId,
  seatIndex: slot,
  user,
  microphone: 'on',
  camera: 'on',
  region,
});
const seat = (index: number, user: typeof host, reconnecting: boolean): Seat => ({
  index,
  locked: false,
  user,
  microphone: 'on',
  camera: 'on',
  reconnecting,
});

const received = {} as MediaStream;
const preview = {} as MediaStream;
const sources: TileSources = {
  stage: [entry(0, host), entry(1, guest)],
  seats: [seat(0, host, false), seat(1, guest, true)],
  userId: 'guest',
  roomId: 'room',
  mutedRooms: [],
  own: { stream: preview, cameraOn: true, microphoneOn: false },
  streamOf: () => received,
};

describe('tilesOf', () => {
  it('shows the own camera on the own tile and the slot on the others', () => {
    expect(tilesOf(sources).map((tile) => tile.stream)).toEqual([received, preview]);
    expect(tilesOf(sources).map((tile) => tile.isSelf)).toEqual([false, true]);
  });

  it('follows the own switches at once and the server for everyone else', () => {
    expect(tilesOf(sources).map((tile) => tile.microphoneOn)).toEqual([true, false]);
  });

  it('says who is reconnecting, but never oneself', () => {
    expect(tilesOf({ ...sources, userId: 'host' }).map((tile) => tile.reconnecting)).toEqual([false, true]);
    expect(tilesOf(sources).map((tile) => tile.reconnecting)).toEqual([false, false]);
  });

  it('tells hosts of connected lives from the own seats, though their seats have the same numbers', () => {
    const remote = { ...entry(1, { ...host, userId: 'ben' }, 'other'), seatIndex: 0 };
    const tiles = tilesOf({ ...sources, stage: [entry(0, host), remote], userId: 'viewer' });
    expect(tiles.map(({ seatIndex, liveId, isRemote }) => [seatIndex, liveId, isRemote])).toEqual([
      [0, 'room', false],
      [0, 'other', true],
    ]);
  });

  it('knows which live is silenced here', () => {
    const stage = [entry(0, host), entry(1, guest, 'other'), entry(2, guest, 'third')];
    const tiles = tilesOf({ ...sources, stage, mutedRooms: ['third'] });
    expect(tiles.map(({ isMutedHere }) => isMutedHere)).toEqual([false, false, true]);
  });

  it('takes a seat\'s lost connection only for that of who sits there in this live', () => {
    const [tile] = tilesOf({ ...sources, userId: 'viewer', stage: [entry(0, guest, 'other')] });
    expect(tile?.reconnecting).toBe(false);
  });

  it('takes the same person in a connected room for somebody else', () => {
    const [tile] = tilesOf({ ...sources, stage: [entry(0, guest, 'other')] });
    expect(tile?.isSelf).toBe(false);
  });
});
