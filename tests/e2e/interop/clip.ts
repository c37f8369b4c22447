import { readFileSync } from 'node:fs';

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
