import { writeFile } from 'node:fs/promises';

/** Red, green and blue, each 0..255. */
export type Colour = readonly [number, number, number];

const width = 640;
const height = 360;
const frameCount = 30;

/**
 * Writes what a person's camera sees: a figure that sways before a wall of one colour, as uncompressed video
 * (YUV4MPEG2, 4:2:0) for the browser's fake camera, which plays it again and again.
 */
export async function writePicture(path: string, wall: Colour, figure: Colour): Promise<void> {
  const parts: Buffer[] = [Buffer.from(`YUV4MPEG2 W${width} H${height} F15:1 Ip A1:1 C420jpeg\n`)];
  for (let frame = 0; frame < frameCount; frame++) {
    const sway = Math.round(14 * Math.sin((2 * Math.PI * frame) / frameCount));
    parts.push(Buffer.from('FRAME\n'), drawFrame(toYuv(wall), toYuv(figure), sway));
  }
  await writeFile(path, Buffer.concat(parts));
}

function drawFrame(wall: Colour, figure: Colour, sway: number): Buffer {
  const frame = Buffer.alloc((width * height * 3) / 2);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      frame[y * width + x] = (isFigure(x - sway, y) ? figure : wall)[0];
    }
  }
  const chromaWidth = width / 2;
  const chromaSize = chromaWidth * (height / 2);
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 2) {
      const at = width * height + (y / 2) * chromaWidth + x / 2;
      const [, u, v] = isFigure(x - sway, y) ? figure : wall;
      frame[at] = u;
      frame[at + chromaSize] = v;
    }
  }
  return frame;
}

/** Head and shoulders in the middle; the upper corners stay wall. */
function isFigure(x: number, y: number): boolean {
  const inEllipse = (centerX: number, centerY: number, radiusX: number, radiusY: number): boolean =>
    ((x - centerX) / radiusX) ** 2 + ((y - centerY) / radiusY) ** 2 < 1;
  return inEllipse(width / 2, 150, 58, 76) || inEllipse(width / 2, height + 20, 140, 130);
}

/** Full-range BT.601 converted to the limited range that video uses. */
function toYuv([red, green, blue]: Colour): Colour {
  return [
    Math.round(16 + 0.257 * red + 0.504 * green + 0.098 * blue),
    Math.round(128 - 0.148 * red - 0.291 * green + 0.439 * blue),
    Math.round(128 + 0.439 * red - 0.368 * green - 0.071 * blue),
  ];
}
