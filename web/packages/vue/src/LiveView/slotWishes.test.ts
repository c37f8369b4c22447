import { describe, expect, it } from 'vitest';
import { wishesOf, type ShownTile } from './slotWishes';

const tile = (part: Partial<ShownTile> = {}): ShownTile => ({
  slot: 0,
  isSelf: false,
  region: { x: 0, y: 0, width: 1, height: 1, zOrder: 0 },
  stream: null,
  ...part,
});

const showing = (width: number, height: number): MediaStream =>
  ({ getVideoTracks: () => [{ getSettings: () => ({ width, height }) }] }) as unknown as MediaStream;

describe('The wishes for a stage', () => {
  it('are the heights of its tiles in pixels of the screen', () => {
    const half = { x: 0, y: 0, width: 0.5, height: 0.5, zOrder: 0 };
    expect(wishesOf([tile(), tile({ slot: 1, region: half })], { width: 640, height: 360 }, 2, true)).toEqual([
      { slot: 0, maxHeight: 720, paused: false },
      { slot: 1, maxHeight: 360, paused: false },
    ]);
  });

  it('are of the picture that covers a tile, which may reach beyond it', () => {
    const upright = tile({ stream: showing(720, 1280) });
    expect(wishesOf([upright], { width: 320, height: 180 }, 1, true)[0]?.maxHeight).toBe(569);
    expect(wishesOf([tile()], { width: 640, height: 180 }, 1, true)[0]?.maxHeight).toBe(360);
  });

  it('leave the own picture out', () => {
    expect(wishesOf([tile({ isSelf: true })], { width: 320, height: 180 }, 1, true)).toEqual([]);
  });

  it('are for nothing while the stage is out of sight or has no room', () => {
    const nothing = [{ slot: 0, maxHeight: 0, paused: true }];
    expect(wishesOf([tile()], { width: 320, height: 180 }, 1, false)).toEqual(nothing);
    expect(wishesOf([tile()], { width: 0, height: 0 }, 1, true)).toEqual(nothing);
  });
});
