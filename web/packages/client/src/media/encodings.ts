/** Shorter sides of a picture, in pixels, from which it is worth sending in three or in two encodings at once. */
const threeFrom = 540;
const twoFrom = 270;

const quarter = { rid: 'q', scaleResolutionDownBy: 4, maxBitrate: 150_000 };
const half = { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 500_000 };
const full = { rid: 'f', maxBitrate: 1_700_000 };

/**
 * The encodings in which a camera's picture is sent at once, lowest first, so that each viewer can get the one that
 * fits; none where the picture is so small that everybody may get it whole. A camera that is yet to come may be large.
 */
export function encodingsOf(track: MediaStreamTrack | null): RTCRtpEncodingParameters[] {
  // Browsers say the size of a camera's picture, other tracks may not know it.
  const { width = 1280, height = 720 } = track?.getSettings?.() ?? {};
  const shorter = Math.min(width, height);
  if (shorter >= threeFrom) {
    return [{ ...quarter }, { ...half }, { ...full }];
  }
  return shorter >= twoFrom ? [{ ...half, maxBitrate: 200_000 }, { ...full, maxBitrate: 800_000 }] : [];
}

/**
 * Which encodings are sent when viewers watch those of `wanted` (null: nobody knows): these, and always the lowest,
 * so that whoever comes has a picture at once.
 */
export function activeFor(
  encodings: readonly RTCRtpEncodingParameters[],
  wanted: readonly string[] | null,
): boolean[] {
  const isWanted = (rid: string | undefined): boolean => wanted === null || (rid !== undefined && wanted.includes(rid));
  return encodings.map(({ rid }, index) => index === 0 || isWanted(rid));
}
