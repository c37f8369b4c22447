/** Width and height in the same unit. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** How far, as a factor, a stage may leave its canvas' proportions to fill the screen edge to edge. */
const stretchMax = 1.45;

/**
 * The size a stage takes in the space there is. Where the space has nearly the canvas' proportions (a phone held
 * upright and an upright canvas), the stage fills it, because tiles cover their regions anyway; elsewhere it keeps
 * the proportions and touches two sides.
 */
export function fitStage(space: Size, canvas: Size): Size {
  if (space.width <= 0 || space.height <= 0 || canvas.width <= 0 || canvas.height <= 0) {
    return { width: 0, height: 0 };
  }
  const wanted = canvas.width / canvas.height;
  const given = space.width / space.height;
  if (given / wanted <= stretchMax && wanted / given <= stretchMax) {
    return space;
  }
  return given > wanted
    ? { width: Math.round(space.height * wanted), height: space.height }
    : { width: space.width, height: Math.round(space.width / wanted) };
}

/** Part of a canvas: where it is and how large, in fractions. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const wholeCanvas: Area = { x: 0, y: 0, width: 1, height: 1 };

/** The smallest area that holds every region; the whole canvas when there is none. */
export function boundsOf(regions: readonly Area[]): Area {
  if (regions.length === 0) {
    return wholeCanvas;
  }
  const x = Math.min(...regions.map((region) => region.x));
  const y = Math.min(...regions.map((region) => region.y));
  const right = Math.max(...regions.map((region) => region.x + region.width));
  const bottom = Math.max(...regions.map((region) => region.y + region.height));
  return { x, y, width: right - x, height: bottom - y };
}

/** A region as a fraction of an area instead of the canvas. */
export function within<R extends Area>(region: R, area: Area): R {
  return {
    ...region,
    x: (region.x - area.x) / area.width,
    y: (region.y - area.y) / area.height,
    width: region.width / area.width,
    height: region.height / area.height,
  };
}

/** What a stage shows of its canvas, and how large. */
export interface StageFit {
  readonly size: Size;
  readonly area: Area;
  /** The stage reaches all edges, so that controls lie on it. */
  readonly filled: boolean;
}

/**
 * Chooses what to show: the whole canvas where it can fill the space; elsewhere only the part where people are, as
 * large as it goes, because empty canvas helps nobody on a wide screen.
 */
export function showStage(space: Size, canvas: Size, regions: readonly Area[]): StageFit {
  const whole = fitStage(space, canvas);
  if (whole === space) {
    return { size: space, area: wholeCanvas, filled: true };
  }
  const area = boundsOf(regions);
  const part = { width: canvas.width * area.width, height: canvas.height * area.height };
  const scale = Math.min(space.width / part.width, space.height / part.height);
  const size = { width: Math.round(part.width * scale), height: Math.round(part.height * scale) };
  return { size, area, filled: false };
}
