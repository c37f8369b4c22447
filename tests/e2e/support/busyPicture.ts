import { open } from 'node:fs/promises';

const frameCount = 30;
/** What changes with every frame: a window of squares in the middle, each of a grey of its own. */
const squareSize = 8;

/**
 * Writes uncompressed video, 16 to 9, for the browser's fake camera that no encoder can make small: its largest encoding uses
 * what it may use. YUV4MPEG2, 4:2:0; the same each time.
 */
export async function writeBusyPicture(path: string, height = 720, framesPerSecond = 15): Promise<void> {
  const width = (height * 16) / 9;
  const busy = { left: width / 4, top: height / 4, width: width / 2, height: height / 2 };
  const file = await open(path, 'w');
  try {
    await file.write(`YUV4MPEG2 W${width} H${height} F${framesPerSecond}:1 Ip A1:1 C420jpeg\n`);
    let state = 1;
    for (let frame = 0; frame < frameCount; frame++) {
      const planes = Buffer.alloc((width * height * 3) / 2, 128);
      for (let y = 0; y < height; y++) {
        planes.fill(40 + Math.floor((160 * y) / height), y * width, (y + 1) * width);
      }
      for (let top = busy.top; top + squareSize <= busy.top + busy.height; top += squareSize) {
        for (let left = busy.left; left + squareSize <= busy.left + busy.width; left += squareSize) {
          state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
          const grey = 80 + ((state >>> 24) >> 2);
          for (let y = top; y < top + squareSize; y++) {
            planes.fill(grey, y * width + left, y * width + left + squareSize);
          }
        }
      }
      await file.write('FRAME\n');
      await file.write(planes);
    }
  } finally {
    await file.close();
  }
}
