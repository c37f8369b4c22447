import type { Environment } from '../environment.js';

/**
 * The codecs a Dais server forwards, and what makes up for losses of them: `rtx`, without which nothing that was lost
 * can come again, and `red`, which carries sound twice. Everything else would only make the offer longer.
 */
export function preferKnownCodecs(
  transceiver: RTCRtpTransceiver,
  kind: 'audio' | 'video',
  environment: Pick<Environment, 'receiverCapabilities'>,
): void {
  const capabilities = environment.receiverCapabilities(kind);
  // Old browsers have no `setCodecPreferences`: their offer is longer, nothing else.
  if (capabilities === null || typeof transceiver.setCodecPreferences !== 'function') {
    return;
  }
  const known = capabilities.codecs.filter(kind === 'audio' ? isKnownAudio : isKnownVideo);
  if (known.length > 0) {
    transceiver.setCodecPreferences(known);
  }
}

function isKnownAudio(codec: RTCRtpCodec): boolean {
  return ['audio/opus', 'audio/red'].includes(codec.mimeType.toLowerCase());
}

function isKnownVideo(codec: RTCRtpCodec): boolean {
  const format = codec.sdpFmtpLine ?? '';
  switch (codec.mimeType.toLowerCase()) {
    case 'video/vp8':
    case 'video/rtx':
      return true;
    case 'video/av1':
      return !/(^|;)\s*profile=[1-9]/.test(format);
    case 'video/h264':
      // Constrained baseline, in fragments: what every browser decodes.
      return /profile-level-id=42e01f/i.test(format) && /packetization-mode=1/.test(format);
    case 'video/vp9':
      return !/profile-id=[1-9]/.test(format);
    default:
      return false;
  }
}
