import { readFileSync } from 'node:fs';

/** Between the units of an H.264 byte stream (ITU-T H.264, annex B). */
const startCode = Buffer.of(0, 0, 0, 1);

/** The largest payload of one packet: well below what any path carries. */
const payloadBytesMax = 1_000;

/** The frames of an IVF file: a header of 32 bytes, then for each frame its length, its time and its bytes. */
export function readIvf(path: URL): Buffer[] {
  const file = readFileSync(path);
  const frames: Buffer[] = [];
  for (let at = file.readUInt16LE(6); at + 12 <= file.length; ) {
    const length = file.readUInt32LE(at);
    frames.push(file.subarray(at + 12, at + 12 + length));
    at += 12 + length;
  }
  return frames;
}

/** The RTP payloads of a VP8 frame (RFC 7741 §4.2): one byte of descriptor, with S on the first. */
export function packetizeVp8(frame: Buffer): Buffer[] {
  const payloads: Buffer[] = [];
  for (let at = 0; at < frame.length; at += payloadBytesMax) {
    payloads.push(Buffer.concat([Buffer.of(at === 0 ? 0x10 : 0x00), frame.subarray(at, at + payloadBytesMax)]));
  }
  return payloads;
}

/** The pictures of an H.264 byte stream with one slice each: a picture begins with its parameter sets, or with its slice. */
export function readAnnexB(path: URL): Buffer[] {
  const file = readFileSync(path);
  const units: number[] = [];
  for (let at = file.indexOf(startCode); at >= 0; at = file.indexOf(startCode, at + startCode.length)) {
    units.push(at);
  }
  const frames: Buffer[] = [];
  let begin = 0;
  units.forEach((at, i) => {
    const type = (file[at + startCode.length] ?? 0) & 0x1f;
    const end = units[i + 1] ?? file.length;
    if (type === 1 || type === 5) {
      frames.push(file.subarray(begin, end));
      begin = end;
    }
  });
  return frames;
}
