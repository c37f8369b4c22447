import type { SlotWish } from '@dais/client';
import type { Size } from './fitStage';
import type { Tile } from './tile';

/** The proportions of a picture of which nothing is known yet. */
const usualAspect = 16 / 9;

/** What decides how a slot's picture is needed. */
export type ShownTile = Pick<Tile, 'slot' | 'isSelf' | 'region' | 'stream'>;

/**
 * How the pictures of a stage of `size` are needed: none larger than it is shown, in pixels of the screen. Pictures
 * cover their tiles, so that one of other proportions reaches beyond. Nothing is needed of a stage out of sight.
 */
export function wishesOf(
  tiles: readonly ShownTile[],
  size: Size,
  pixelRatio: number,
  visible: boolean,
): readonly SlotWish[] {
  return tiles
    .filter(({ isSelf }) => !isSelf)
    .map(({ slot, region, stream }) => {
      const width = region.width * size.width;
      const height = region.height * size.height;
      const covered = Math.max(height, width / aspectOf(stream));
      const maxHeight = Math.min(Math.ceil(covered * pixelRatio), 16_384);
      return visible && maxHeight > 0 ? { slot, maxHeight, paused: false } : { slot, maxHeight: 0, paused: true };
    });
}

function aspectOf(stream: MediaStream | null): number {
  const { width, height } = stream?.getVideoTracks()[0]?.getSettings?.() ?? {};
  return width && height ? width / height : usualAspect;
}
