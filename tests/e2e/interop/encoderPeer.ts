// libdatachannel, the library OBS publishes with, in OBS's manner: sound and picture to send only, Opus and H.264 of constrained baseline, one source
// each with reports and repeats on the same SSRC, no header extension, all candidates in the offer, a bearer token, no PATCH.
import { readFileSync } from 'node:fs';
import { PeerConnection, Audio, H264RtpPacketizer, RtcpNackResponder, RtcpSrReporter, RtpPacketizationConfig, RtpPacketizer, Video, initLogger } from 'node-datachannel';
import type { Track } from 'node-datachannel';
import { readAnnexB } from './clip.js';
import type { Figures } from './client.js';
import { serve } from './nodePeer.js';

/** 20 ms of silence (RFC 6716 §3.1: CELT, fullband, one frame). */
const silence = Buffer.of(0xf8, 0xff, 0xfe);
const frameMs = 66;
const [audioType, videoType] = [111, 96];
const [audioSource, videoSource] = [0x0b50001, 0x0b50002];
const token = process.argv[2] ?? '';

interface Publishing {
  readonly peer: PeerConnection;
  readonly session: string;
  stop(): void;
}

let open: Publishing | null = null;
initLogger('Error', (_, message) => process.stderr.write(`${message}\n`));

function addSound(peer: PeerConnection): Track {
  const description = new Audio('0', 'SendOnly');
  description.addOpusCodec(audioType, 'minptime=10;maxaveragebitrate=96000;stereo=1;sprop-stereo=1;useinbandfec=1');
  description.addSSRC(audioSource, 'obs', 'obs-stream', 'obs-stream-audio');
  const track = peer.addTrack(description);
  const config = new RtpPacketizationConfig(audioSource, 'obs', audioType, 48_000);
  track.setMediaHandler(chain(new RtpPacketizer(config), config));
  return track;
}

function addPicture(peer: PeerConnection): { track: Track; config: RtpPacketizationConfig } {
  const description = new Video('1', 'SendOnly');
  description.addH264Codec(videoType, 'profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1');
  description.addSSRC(videoSource, 'obs', 'obs-stream', 'obs-stream-video');
  const track = peer.addTrack(description);
  const config = new RtpPacketizationConfig(videoSource, 'obs', videoType, 90_000);
  track.setMediaHandler(chain(new H264RtpPacketizer('StartSequence', config), config));
  return { track, config };
}

function chain<THandler extends RtpPacketizer>(packetizer: THandler, config: RtpPacketizationConfig): THandler {
  packetizer.addToChain(new RtcpSrReporter(config));
  packetizer.addToChain(new RtcpNackResponder());
  return packetizer;
}

async function offerOf(peer: PeerConnection): Promise<string> {
  await new Promise<void>((resolve) => {
    peer.onGatheringStateChange((state) => state === 'complete' && resolve());
    peer.setLocalDescription('offer');
  });
  return peer.localDescription()?.sdp ?? '';
}

async function publish(url: string): Promise<void> {
  const peer = new PeerConnection('encoder', { iceServers: [], disableAutoNegotiation: true });
  const sound = addSound(peer);
  const picture = addPicture(peer);
  const offer = await offerOf(peer);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/sdp', Authorization: `Bearer ${token}` },
    body: offer,
  });
  const answer = await response.text();
  if (response.status !== 201) {
    throw new Error(`${response.status} ${answer}\n${offer}`);
  }
  const frames = readAnnexB(new URL('clip.h264', import.meta.url));
  let next = 0;
  const timer = setInterval(() => {
    if (picture.track.isOpen()) {
      picture.config.timestamp = (picture.config.timestamp + frameMs * 90) >>> 0;
      picture.track.sendMessageBinary(frames[next++ % frames.length]!);
    }
  }, frameMs);
  const soundConfig = setInterval(() => sound.isOpen() && sound.sendMessageBinary(silence), 20);
  const session = new URL(response.headers.get('Location') ?? '', url).href;
  open = {
    peer,
    session,
    stop: () => {
      clearInterval(timer);
      clearInterval(soundConfig);
      peer.close();
    },
  };
  peer.setRemoteDescription(answer, 'answer');
}

async function figures(): Promise<Figures> {
  return { videoFrames: open?.peer.state() === 'connected' ? 1 : 0, audioPackets: 0, srtp: '' };
}

/** Ends as OBS does: DELETE, then the connection. */
async function stop(): Promise<void> {
  if (open !== null) {
    const response = await fetch(open.session, { method: 'DELETE', headers: { Authorization: `Bearer ${token}` } });
    open.stop();
    open = null;
    if (!response.ok) {
      throw new Error(`DELETE: ${response.status}`);
    }
  }
}

serve({ publish, watch: () => Promise.reject(new Error('An encoder watches nothing.')), figures, stop });
