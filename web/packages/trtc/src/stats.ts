import type { Publication, Room } from '@dais/client';
import type { RemoteStream } from './remoteStream.js';

export interface TransportStats {
  /** The round trip to the server, in milliseconds; 0 while it is not known. */
  rtt: number;
}

export interface LocalAudioStats {
  bytesSent: number;
  packetsSent: number;
}

export interface LocalVideoStats extends LocalAudioStats {
  framesEncoded: number;
  framesSent: number;
  frameWidth: number;
  frameHeight: number;
}

export interface RemoteAudioStats {
  bytesReceived: number;
  packetsReceived: number;
  packetsLost: number;
}

export interface RemoteVideoStats extends RemoteAudioStats {
  framesDecoded: number;
  frameWidth: number;
  frameHeight: number;
}

type Report = Record<string, unknown>;

/** The round trip of the path that is in use: the publication's, else the subscription's. */
export async function transportStats(room: Room): Promise<TransportStats> {
  for (const peer of [room.publication?.peer, room.subscription.peer]) {
    const pairs = await reports(peer, (report) => report['type'] === 'candidate-pair' && report['nominated'] === true);
    const seconds = pairs.map((pair) => numberIn(pair, 'currentRoundTripTime')).find((time) => time > 0);
    if (seconds !== undefined) {
      return { rtt: Math.round(seconds * 1000) };
    }
  }
  return { rtt: 0 };
}

export async function localAudioStats(publication: Publication): Promise<LocalAudioStats> {
  return sent(await outbound(publication, 'audio'));
}

export async function localVideoStats(publication: Publication): Promise<LocalVideoStats> {
  const report = await outbound(publication, 'video');
  return {
    ...sent(report),
    framesEncoded: numberIn(report, 'framesEncoded'),
    framesSent: numberIn(report, 'framesSent'),
    frameWidth: numberIn(report, 'frameWidth'),
    frameHeight: numberIn(report, 'frameHeight'),
  };
}

export async function remoteAudioStats(room: Room, stream: RemoteStream): Promise<RemoteAudioStats> {
  return received(await inbound(room, stream.getAudioTrack()));
}

export async function remoteVideoStats(room: Room, stream: RemoteStream): Promise<RemoteVideoStats> {
  const report = await inbound(room, stream.getVideoTrack());
  return {
    ...received(report),
    framesDecoded: numberIn(report, 'framesDecoded'),
    frameWidth: numberIn(report, 'frameWidth'),
    frameHeight: numberIn(report, 'frameHeight'),
  };
}

async function outbound({ peer }: Publication, kind: 'audio' | 'video'): Promise<Report> {
  const isIt = (report: Report): boolean => report['type'] === 'outbound-rtp' && report['kind'] === kind;
  return (await reports(peer, isIt))[0] ?? {};
}

async function inbound({ subscription }: Room, track: MediaStreamTrack | null): Promise<Report> {
  const isIt = (report: Report): boolean => report['type'] === 'inbound-rtp';
  return track === null ? {} : ((await reports(subscription.peer, isIt, track))[0] ?? {});
}

async function reports(
  peer: RTCPeerConnection | null | undefined,
  isIt: (report: Report) => boolean,
  track: MediaStreamTrack | null = null,
): Promise<Report[]> {
  const found: Report[] = [];
  (await peer?.getStats(track))?.forEach((report: Report) => {
    if (isIt(report)) {
      found.push(report);
    }
  });
  return found;
}

function sent(report: Report): LocalAudioStats {
  return { bytesSent: numberIn(report, 'bytesSent'), packetsSent: numberIn(report, 'packetsSent') };
}

function received(report: Report): RemoteAudioStats {
  return {
    bytesReceived: numberIn(report, 'bytesReceived'),
    packetsReceived: numberIn(report, 'packetsReceived'),
    packetsLost: numberIn(report, 'packetsLost'),
  };
}

function numberIn(report: Report, name: string): number {
  const value = report[name];
  return typeof value === 'number' ? value : 0;
}
