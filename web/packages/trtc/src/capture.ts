import { audioConstraints, videoConstraints, type AudioProfile, type VideoProfile } from './profiles.js';
import { RtcError, deviceErrorOf } from './rtcError.js';
import type { World } from './world.js';

/** What a local stream is made of. */
export interface StreamConfig {
  userId?: string;
  /** Captures the microphone. */
  audio?: boolean;
  /** Captures the camera. */
  video?: boolean;
  /** Captures the screen, in the place of the camera. */
  screen?: boolean;
  /** Captures the sound of the screen, in the place of the microphone. */
  screenAudio?: boolean;
  /** A track to send in the place of the microphone. */
  audioSource?: MediaStreamTrack;
  /** A track to send in the place of the camera. */
  videoSource?: MediaStreamTrack;
  microphoneId?: string;
  cameraId?: string;
  facingMode?: 'user' | 'environment';
  /** Whether the own picture is shown as a mirror does; default true. */
  mirror?: boolean;
}

export interface Profiles {
  audio: AudioProfile;
  video: VideoProfile;
  screen: VideoProfile;
}

/** The wishes as they are, once they make sense together. */
export function checkConfig(config: StreamConfig): StreamConfig {
  const { audio, video, screen, screenAudio, audioSource, videoSource } = config;
  const count = (...wishes: unknown[]): number => wishes.filter(Boolean).length;
  if (count(audio, video, screen, audioSource, videoSource) === 0) {
    throw new RtcError('INVALID_PARAMETER', 'A stream is made of audio, video or screen, or of tracks of your own.');
  }
  if (count(audio, screenAudio, audioSource) > 1 || count(video, screen, videoSource) > 1) {
    throw new RtcError('INVALID_PARAMETER', 'A stream has one sound and one picture: say where each comes from.');
  }
  if (screenAudio && !screen) {
    throw new RtcError('INVALID_PARAMETER', 'The sound of the screen comes with the screen only.');
  }
  return config;
}

/** Opens what `config` asks for; what is asked of the user is asked in one question. */
export async function capture(world: World, config: StreamConfig, profiles: Profiles): Promise<MediaStreamTrack[]> {
  const tracks: MediaStreamTrack[] = [config.audioSource, config.videoSource].filter((track) => track !== undefined);
  try {
    if (config.screen === true) {
      const options = { video: videoConstraints(profiles.screen), audio: config.screenAudio === true };
      tracks.push(...(await world.getDisplayMedia(options)).getTracks());
    }
    if (config.audio === true || config.video === true) {
      tracks.push(...(await world.getUserMedia(wishesOf(config, profiles))).getTracks());
    }
  } catch (thrown) {
    tracks.filter((track) => !isOwn(config, track)).forEach((track) => track.stop());
    throw deviceErrorOf(thrown);
  }
  return tracks;
}

/** Opens one other microphone or camera: a device's id, or, for a camera, the way it looks. */
export async function captureOne(
  world: World,
  kind: 'audio' | 'video',
  deviceId: string,
  profiles: Profiles,
): Promise<MediaStreamTrack> {
  const facing = kind === 'video' && (deviceId === 'user' || deviceId === 'environment');
  const config: StreamConfig = facing
    ? { video: true, facingMode: deviceId }
    : kind === 'audio'
      ? { audio: true, microphoneId: deviceId }
      : { video: true, cameraId: deviceId };
  const [track] = await capture(world, config, profiles);
  if (track === undefined) {
    throw new RtcError('DEVICE_NOT_FOUND', `No track of '${deviceId}' came.`);
  }
  return track;
}

/** Whether a track is the application's, not captured here. */
export function isOwn(config: StreamConfig, track: MediaStreamTrack): boolean {
  return track === config.audioSource || track === config.videoSource;
}

function wishesOf(config: StreamConfig, profiles: Profiles): MediaStreamConstraints {
  const { audio, video, microphoneId, cameraId, facingMode } = config;
  const microphone = microphoneId === undefined ? {} : { deviceId: { exact: microphoneId } };
  const camera =
    cameraId !== undefined ? { deviceId: { exact: cameraId } } : facingMode === undefined ? {} : { facingMode };
  return {
    audio: audio === true && { ...audioConstraints(profiles.audio), ...microphone },
    video: video === true && { ...videoConstraints(profiles.video), ...camera },
  };
}
