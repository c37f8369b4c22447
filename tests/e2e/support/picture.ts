import { writeFile } from 'node:fs/promises';

/** Red, green and blue, each 0..255. */
export type Colour = readonly [number, number, number];

const width = 640;
const height = 360;
const frameCount = 30;
/** How far the person sways, in pixels, and the width of all that comes into sight. */
const swayMax = 14;
const stillWidth = width + 2 * swayMax;

/** What a person's camera sees. */
export interface Scene {
  /** The upper corners of the picture are all of this colour. */
  wall: Colour;
  hair: Colour;
  skin: Colour;
  shirt: Colour;
}

/**
 * Writes a scene, in which the person sways a little, as uncompressed video (YUV4MPEG2, 4:2:0) for the browser's fake
 * camera, which plays it again and again.
 */
export async function writePicture(path: string, scene: Scene): Promise<void> {
  const parts: Buffer[] = [Buffer.from(`YUV4MPEG2 W${width} H${height} F15:1 Ip A1:1 C420jpeg\n`)];
  const colours: Scene = {
    wall: toYuv(scene.wall),
    hair: toYuv(scene.hair),
    skin: toYuv(scene.skin),
    shirt: toYuv(scene.shirt),
  };
  const still = drawStill(colours);
  for (let frame = 0; frame < frameCount; frame++) {
    const sway = Math.round(swayMax * Math.sin((2 * Math.PI * frame) / frameCount));
    parts.push(Buffer.from('FRAME\n'), shifted(still, sway));
  }
  await writeFile(path, Buffer.concat(parts));
}

/** The scene once, with as much more on both sides as the person sways: three planes of the same size. */
function drawStill(colours: Scene): Buffer[] {
  const planes = [0, 1, 2].map(() => Buffer.alloc(stillWidth * height));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < stillWidth; x++) {
      const colour = colours[partAt(x - swayMax, y)];
      planes.forEach((plane, index) => (plane[y * stillWidth + x] = colour[index] ?? 0));
    }
  }
  return planes;
}

/** One frame of the scene moved to the right: all luma, then both planes of chroma at half the size. */
function shifted(still: readonly Buffer[], sway: number): Buffer {
  const frame = Buffer.alloc((width * height * 3) / 2);
  const chromaWidth = width / 2;
  const chromaSize = chromaWidth * (height / 2);
  const [luma, ...chromas] = still;
  for (let y = 0; y < height; y++) {
    const row = y * stillWidth + swayMax - sway;
    luma?.copy(frame, y * width, row, row + width);
    for (let x = 0; y % 2 === 0 && x < width; x += 2) {
      const at = width * height + (y / 2) * chromaWidth + x / 2;
      chromas.forEach((plane, index) => (frame[at + index * chromaSize] = plane[row + x] ?? 0));
    }
  }
  return frame;
}

function partAt(x: number, y: number): keyof Scene {
  const inEllipse = (centerY: number, radiusX: number, radiusY: number): boolean =>
    ((x - width / 2) / radiusX) ** 2 + ((y - centerY) / radiusY) ** 2 < 1;
  const isNeck = Math.abs(x - width / 2) < 22 && y > 190 && y < 262;
  if (inEllipse(162, 50, 66)) {
    return 'skin';
  }
  if (inEllipse(136, 64, 78)) {
    return 'hair';
  }
  if (isNeck) {
    return 'skin';
  }
  return inEllipse(height + 20, 142, 132) ? 'shirt' : 'wall';
}

/** As luma and two chromas (BT.601) in the limited range that video uses. */
function toYuv([red, green, blue]: Colour): Colour {
  return [
    Math.round(16 + 0.257 * red + 0.504 * green + 0.098 * blue),
    Math.round(128 - 0.148 * red - 0.291 * green + 0.439 * blue),
    Math.round(128 + 0.439 * red - 0.368 * green - 0.071 * blue),
  ];
}
