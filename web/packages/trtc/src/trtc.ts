import { checkConfig, type StreamConfig } from './capture.js';
import { Client, type ClientConfig } from './client.js';
import { LocalStream } from './localStream.js';
import { browserWorld, type World } from './world.js';

/** What a browser can do. */
export interface SystemRequirements {
  result: boolean;
  detail: { isWebRTCSupported: boolean; isMediaDevicesSupported: boolean };
}

function createClient(config: ClientConfig): Client {
  return createClientIn(browserWorld(), config);
}

function createStream(config: StreamConfig): LocalStream {
  return createStreamIn(browserWorld(), config);
}

/** A client in a world of the test. @internal */
export function createClientIn(world: World, config: ClientConfig): Client {
  return new Client(config, world);
}

/** A stream in a world of the test. @internal */
export function createStreamIn(world: World, config: StreamConfig): LocalStream {
  return new LocalStream(checkConfig(config), world);
}

async function checkSystemRequirements(): Promise<SystemRequirements> {
  const isWebRTCSupported = typeof RTCPeerConnection !== 'undefined' && typeof WebSocket !== 'undefined';
  const isMediaDevicesSupported = (navigator.mediaDevices as MediaDevices | undefined) !== undefined;
  return { result: isWebRTCSupported, detail: { isWebRTCSupported, isMediaDevicesSupported } };
}

function isScreenShareSupported(): boolean {
  return typeof (navigator.mediaDevices as MediaDevices | undefined)?.getDisplayMedia === 'function';
}

/** Names are there once the page was allowed to use a device. */
function getDevices(): Promise<MediaDeviceInfo[]> {
  return browserWorld().enumerateDevices();
}

const devicesOf = (kind: MediaDeviceKind) => async (): Promise<MediaDeviceInfo[]> =>
  (await getDevices()).filter((device) => device.kind === kind);

/** The entry point, in the words of the TRTC web SDK, version 4. */
export const TRTC = {
  /** The client of one room. */
  createClient,
  /** The own camera and microphone, or screen, or tracks of the application. */
  createStream,
  checkSystemRequirements,
  isScreenShareSupported,
  /** There are no small streams. */
  isSmallStreamSupported: (): boolean => false,
  getDevices,
  getCameras: devicesOf('videoinput'),
  getMicrophones: devicesOf('audioinput'),
  getSpeakers: devicesOf('audiooutput'),
} as const;
