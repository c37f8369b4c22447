import type { Region } from '@dais/client';

/** What a style binding takes to put a tile on the stage. */
export interface Place {
  readonly left: string;
  readonly top: string;
  readonly width: string;
  readonly height: string;
  readonly zIndex: number;
}

const percent = (fraction: number): string => `${+(fraction * 100).toFixed(4)}%`;

/** The part of the stage's height that controls leave free; the variables are the stage's own (0 where it has none). */
const free = '(100% - var(--stage-top) - var(--stage-bottom))';

/** Whether a region is as high as the canvas: then it goes edge to edge, behind the controls. */
export const isWhole = ({ height }: Pick<Region, 'height'>): boolean => height >= 0.999;

/**
 * Where a region is on the stage. One that is as high as the canvas goes edge to edge, behind the controls; the others
 * share the height that the controls leave free, so that no face is covered.
 */
export function placeOf({ x, y, width, height, zOrder }: Region): Place {
  const whole = isWhole({ height });
  return {
    left: percent(x),
    width: percent(width),
    top: whole ? '0%' : `calc(var(--stage-top) + ${free} * ${+y.toFixed(6)})`,
    height: whole ? '100%' : `calc(${free} * ${+height.toFixed(6)})`,
    zIndex: zOrder,
  };
}
