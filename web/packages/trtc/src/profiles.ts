import { RtcError } from './rtcError.js';

/** A picture to capture; `bitrate` (kbit/s) is taken for the sake of older code: congestion control decides. */
export interface VideoProfile {
  width: number;
  height: number;
  frameRate: number;
  bitrate?: number;
}

/** Sound to capture; `bitrate` as in {@link VideoProfile}. */
export interface AudioProfile {
  sampleRate: number;
  channelCount: number;
  bitrate?: number;
}

const picture = (width: number, height: number, frameRate = 15): VideoProfile => ({ width, height, frameRate });

const videoProfiles: Readonly<Record<string, VideoProfile>> = {
  '120p': picture(160, 120),
  '120p_2': picture(160, 120),
  '180p': picture(320, 180),
  '180p_2': picture(320, 180),
  '240p': picture(320, 240),
  '240p_2': picture(320, 240),
  '360p': picture(640, 360),
  '360p_2': picture(640, 360),
  '480p': picture(640, 480),
  '480p_2': picture(640, 480),
  '720p': picture(1280, 720),
  '1080p': picture(1920, 1080),
  '1440p': picture(2560, 1440, 30),
  '4K': picture(3840, 2160, 30),
};

const screenProfiles: Readonly<Record<string, VideoProfile>> = {
  '480p': picture(640, 480, 5),
  '480p_2': picture(640, 480, 30),
  '720p': picture(1280, 720, 5),
  '720p_2': picture(1280, 720, 30),
  '1080p': picture(1920, 1080, 5),
  '1080p_2': picture(1920, 1080, 30),
};

const audioProfiles: Readonly<Record<string, AudioProfile>> = {
  'standard': { sampleRate: 48_000, channelCount: 1 },
  'standard-stereo': { sampleRate: 48_000, channelCount: 2 },
  'high': { sampleRate: 48_000, channelCount: 1 },
  'high-stereo': { sampleRate: 48_000, channelCount: 2 },
};

export const videoProfileOf = (profile: string | VideoProfile): VideoProfile => find(profile, videoProfiles);
export const screenProfileOf = (profile: string | VideoProfile): VideoProfile => find(profile, screenProfiles);
export const audioProfileOf = (profile: string | AudioProfile): AudioProfile => find(profile, audioProfiles);

function find<T>(profile: string | T, known: Readonly<Record<string, T>>): T {
  const found = typeof profile === 'string' ? known[profile] : profile;
  if (found === undefined) {
    throw new RtcError('INVALID_PARAMETER', `There is no profile '${String(profile)}'.`);
  }
  return found;
}

/** What is asked of the browser; it comes as near as it can. */
export function videoConstraints({ width, height, frameRate }: VideoProfile): MediaTrackConstraints {
  return { width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: frameRate } };
}

export function audioConstraints({ sampleRate, channelCount }: AudioProfile): MediaTrackConstraints {
  return {
    sampleRate: { ideal: sampleRate },
    channelCount: { ideal: channelCount },
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
  };
}
