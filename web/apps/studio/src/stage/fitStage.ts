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
