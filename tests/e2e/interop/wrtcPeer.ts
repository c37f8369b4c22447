// @roamhq/wrtc (libwebrtc in Node) as a WHIP publisher and a WHEP player.
import wrtc from '@roamhq/wrtc';
import { endSession, openSession } from './client.js';
import type { Figures } from './client.js';
import { serve } from './nodePeer.js';

const { RTCPeerConnection, nonstandard } = wrtc;
const width = 320;
const height = 240;
const sampleRate = 48_000;
const open: { connection: RTCPeerConnection; session: string; stop: () => void }[] = [];
let watching: RTCPeerConnection | null = null;
let frames = 0;

/** Tracks of a grey that changes and of silence. */
function makeTracks(): { tracks: MediaStreamTrack[]; stop: () => void } {
  const video = new nonstandard.RTCVideoSource();
  const audio = new nonstandard.RTCAudioSource();
  const samples = new Int16Array(sampleRate / 100);
  let count = 0;
  const pictures = setInterval(() => {
    const data = new Uint8ClampedArray((width * height * 3) / 2).fill(20 + (count++ % 200));
    // The declaration says otherwise than the documentation.
    video.onFrame({ width, height, data: data as unknown as Uint8Array });
  }, 66);
  const sound = setInterval(() => audio.onData({ samples, sampleRate, bitsPerSample: 16, channelCount: 1, numberOfFrames: samples.length }), 10);
  return {
    tracks: [audio.createTrack(), video.createTrack()],
    stop: () => {
      clearInterval(pictures);
      clearInterval(sound);
    },
  };
}

async function connect(connection: RTCPeerConnection, url: string, stop: () => void): Promise<void> {
  const offer = await connection.createOffer();
  await connection.setLocalDescription(offer);
  const { answer, session } = await openSession(url, offer.sdp ?? '');
  open.push({ connection, session, stop });
  await connection.setRemoteDescription({ type: 'answer', sdp: answer });
}

async function publish(url: string): Promise<void> {
  const connection = new RTCPeerConnection();
  const { tracks, stop } = makeTracks();
  for (const track of tracks) {
    connection.addTransceiver(track, { direction: 'sendonly' });
  }
  await connect(connection, url, stop);
}

async function watch(url: string): Promise<void> {
  const connection = new RTCPeerConnection();
  watching = connection;
  frames = 0;
  const sinks: { stop(): void }[] = [];
  connection.ontrack = ({ track }) => {
    if (track.kind === 'video') {
      const sink = new nonstandard.RTCVideoSink(track);
      sink.onframe = () => {
        frames += connection === watching ? 1 : 0;
      };
      sinks.push(sink);
    }
  };
  connection.addTransceiver('audio', { direction: 'recvonly' });
  connection.addTransceiver('video', { direction: 'recvonly' });
  await connect(connection, url, () => sinks.forEach((sink) => sink.stop()));
}

async function figures(): Promise<Figures> {
  let audioPackets = 0;
  let srtp = '';
  const connection = watching ?? open[0]?.connection;
  for (const entry of connection === undefined ? [] : [...(await connection.getStats()).values()]) {
    const stat = entry as { type: string; kind?: string; packetsReceived?: number; srtpCipher?: string };
    audioPackets += stat.type === 'inbound-rtp' && stat.kind === 'audio' ? (stat.packetsReceived ?? 0) : 0;
    srtp = stat.type === 'transport' ? (stat.srtpCipher ?? srtp) : srtp;
  }
  return { videoFrames: frames, audioPackets, srtp };
}

async function stop(): Promise<void> {
  watching = null;
  for (const { connection, session, stop: stopMedia } of open.splice(0)) {
    await endSession(session);
    stopMedia();
    connection.close();
  }
}

serve({ publish, watch, figures, stop });
