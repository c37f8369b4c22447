// werift (a stack of its own in TypeScript, without codecs) as a WHIP publisher of a recorded clip and a WHEP player of packets.
import { MediaStreamTrack, RTCPeerConnection, RTCRtpCodecParameters, RtpHeader, RtpPacket } from 'werift';
import { endSession, openSession } from './client.js';
import type { Figures } from './client.js';
import { packetizeVp8, readIvf } from './clip.js';
import { serve } from './nodePeer.js';

/** 20 ms of silence (RFC 6716 §3.1: CELT, fullband, one frame). */
const silence = Buffer.of(0xf8, 0xff, 0xfe);
const frameMs = 100;
const feedback = [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }, { type: 'ccm', parameter: 'fir' }];
const codecs = {
  audio: [new RTCRtpCodecParameters({ mimeType: 'audio/opus', clockRate: 48_000, channels: 2, payloadType: 111 })],
  video: [new RTCRtpCodecParameters({ mimeType: 'video/VP8', clockRate: 90_000, payloadType: 96, rtcpFeedback: feedback })],
};

const open: { connection: RTCPeerConnection; session: string; stop: () => void }[] = [];
let watching: RTCPeerConnection | null = null;
let videoFrames = 0;
let audioPackets = 0;

/** Sends payloads with the header of one source. */
class Source {
  private sequenceNumber = Math.floor(Math.random() * 0x8000);

  constructor(
    private readonly track: MediaStreamTrack,
    private readonly payloadType: number,
  ) {}

  send(payloads: Buffer[], timestamp: number): void {
    payloads.forEach((payload, i) => {
      const header = new RtpHeader({
        payloadType: this.payloadType,
        sequenceNumber: (this.sequenceNumber = (this.sequenceNumber + 1) & 0xffff),
        timestamp: timestamp >>> 0,
        marker: i === payloads.length - 1,
      });
      this.track.writeRtp(new RtpPacket(header, payload));
    });
  }
}

/** Plays the clip, from its keyframe again when one is asked for. */
function play(audio: MediaStreamTrack, video: MediaStreamTrack): { stop: () => void; restart: () => void } {
  const frames = readIvf(new URL('clip.ivf', import.meta.url));
  const sound = new Source(audio, 111);
  const picture = new Source(video, 96);
  let shown = 0;
  let next = 0;
  let packets = 0;
  const pictures = setInterval(() => {
    picture.send(packetizeVp8(frames[next]!), shown++ * frameMs * 90);
    next = (next + 1) % frames.length;
  }, frameMs);
  const sounds = setInterval(() => sound.send([silence], packets++ * 960), 20);
  return {
    stop: () => {
      clearInterval(pictures);
      clearInterval(sounds);
    },
    restart: () => {
      next = 0;
    },
  };
}

async function connect(connection: RTCPeerConnection, url: string, stop: () => void): Promise<void> {
  await connection.setLocalDescription(await connection.createOffer());
  const { answer, session } = await openSession(url, connection.localDescription?.sdp ?? '');
  open.push({ connection, session, stop });
  await connection.setRemoteDescription({ type: 'answer', sdp: answer });
}

async function publish(url: string): Promise<void> {
  const connection = new RTCPeerConnection({ codecs });
  const audio = new MediaStreamTrack({ kind: 'audio' });
  const video = new MediaStreamTrack({ kind: 'video' });
  connection.addTransceiver(audio, { direction: 'sendonly' });
  const sender = connection.addTransceiver(video, { direction: 'sendonly' }).sender;
  const clip = play(audio, video);
  sender.onPictureLossIndication.subscribe(clip.restart);
  await connect(connection, url, clip.stop);
}

async function watch(url: string): Promise<void> {
  const connection = new RTCPeerConnection({ codecs });
  watching = connection;
  videoFrames = audioPackets = 0;
  connection.onTrack.subscribe((track) => {
    track.onReceiveRtp.subscribe(() => {
      if (connection === watching) {
        videoFrames += track.kind === 'video' ? 1 : 0;
        audioPackets += track.kind === 'audio' ? 1 : 0;
      }
    });
  });
  connection.addTransceiver('audio', { direction: 'recvonly' });
  connection.addTransceiver('video', { direction: 'recvonly' });
  await connect(connection, url, () => undefined);
}

async function figures(): Promise<Figures> {
  const profile = open[0]?.connection.dtlsTransports[0]?.dtls?.srtp.srtpProfile;
  return { videoFrames, audioPackets, srtp: profile === 7 ? 'AEAD_AES_128_GCM' : profile === 1 ? 'AES_CM_128_HMAC_SHA1_80' : '' };
}

async function stop(): Promise<void> {
  watching = null;
  for (const { connection, session, stop: stopMedia } of open.splice(0)) {
    stopMedia();
    await endSession(session);
    await connection.close();
  }
}

serve({ publish, watch, figures, stop });
