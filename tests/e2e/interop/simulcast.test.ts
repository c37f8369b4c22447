import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { after, test } from 'node:test';
import { Person, desktop } from '../support/person.js';
import { startServer } from '../support/server.js';
import { openChromium, openFirefox } from './browserClient.js';
import type { BrowserPage } from './browserClient.js';

/**
 * Several encodings of one picture by WHIP: of Firefox in VP8, of Chromium in H.264. Who watches has a large tile, then a small one, then a large
 * one again, and the picture follows without a negotiation.
 */

interface Kind {
  readonly name: string;
  readonly codec: 'video/VP8' | 'video/H264';
  open(pageAddress: string): Promise<BrowserPage | null>;
}

interface Sent {
  codec: string;
  heights: Record<string, number>;
}

const kinds: readonly Kind[] = [
  { name: 'Firefox', codec: 'video/VP8', open: openFirefox },
  { name: 'Chromium', codec: 'video/H264', open: openChromium },
];

const tiny = { width: 300, height: 170 };
const changeTimeoutMs = 40_000;
const outside = Object.values(networkInterfaces()).flatMap((all) => all ?? []).find((each) => each.family === 'IPv4' && !each.internal)?.address;
const server = await startServer(outside === undefined ? {} : { Dais__Media__AdvertisedAddresses: outside });
const viewer = await Person.arrive('vera', desktop);
const open: BrowserPage[] = [];

after(async () => {
  await Promise.allSettled(open.map((page) => page.end()));
  await viewer.leave();
  await server.stop();
});

/** Publishes a picture of 1280 x 720 in three encodings, which moves a little. */
async function publish(page: BrowserPage, url: string, codec: string): Promise<void> {
  await page.evaluate(async (argument) => {
    const [target, mimeType] = argument.split(' ') as [string, string];
    const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 });
    document.body.append(canvas);
    const paint = canvas.getContext('2d')!;
    let frame = 0;
    setInterval(() => {
      paint.fillStyle = `hsl(${frame % 360} 60% 50%)`;
      paint.fillRect(0, 0, 1280, 720);
      for (let i = 0; i < 150; i++) {
        paint.fillStyle = `hsl(${(frame * 7 + i * 40) % 360} 80% 60%)`;
        paint.fillRect((i * 97 + frame * 5) % 1280, (i * 61 + frame * 3) % 720, 60, 40);
      }
      frame++;
    }, 66);
    const sound = new AudioContext().createMediaStreamDestination().stream.getAudioTracks()[0]!;
    const connection = new RTCPeerConnection();
    const transceiver = connection.addTransceiver(canvas.captureStream(15).getVideoTracks()[0]!, {
      direction: 'sendonly',
      sendEncodings: [
        { rid: 'q', scaleResolutionDownBy: 4, maxBitrate: 150_000 },
        { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 400_000 },
        { rid: 'f', maxBitrate: 1_200_000 },
      ],
    });
    connection.addTransceiver(sound, { direction: 'sendonly' });
    const all = RTCRtpReceiver.getCapabilities('video')?.codecs ?? [];
    transceiver.setCodecPreferences([
      ...all.filter((each) => each.mimeType === mimeType && (mimeType !== 'video/H264' || /packetization-mode=1.*42e01f/.test(each.sdpFmtpLine ?? ''))),
      ...all.filter((each) => each.mimeType === 'video/rtx'),
    ]);
    // A busy machine is not to make all pictures smaller.
    await transceiver.sender.setParameters({ ...transceiver.sender.getParameters(), degradationPreference: 'maintain-resolution' });
    await connection.setLocalDescription();
    const response = await fetch(target, {
      method: 'POST',
      headers: { 'Content-Type': 'application/sdp' },
      body: connection.localDescription?.sdp ?? '',
    });
    const answer = await response.text();
    if (response.status !== 201) {
      throw new Error(`${response.status} ${answer}`);
    }
    if (!answer.includes('a=simulcast:recv')) {
      throw new Error(`no encodings were taken\n${answer}`);
    }
    Object.assign(window, { simulcast: connection });
    await connection.setRemoteDescription({ type: 'answer', sdp: answer });
  }, `${url} ${codec}`);
}

/** What the publisher says it sends, by rid. */
function sentBy(page: BrowserPage): Promise<Sent> {
  return page.evaluate(async () => {
    const sent: { codec: string; heights: Record<string, number> } = { codec: '', heights: {} };
    const all = await (window as unknown as { simulcast: RTCPeerConnection }).simulcast.getStats();
    all.forEach((entry: Record<string, unknown>) => {
      if (entry['type'] === 'outbound-rtp' && entry['kind'] === 'video' && Number(entry['framesSent'] ?? entry['framesEncoded'] ?? 0) > 0) {
        sent.heights[String(entry['rid'])] = Number(entry['frameHeight'] ?? 0);
        sent.codec = String((all.get(String(entry['codecId'])) as { mimeType?: string } | undefined)?.mimeType ?? '');
      }
    });
    return sent;
  }, '');
}

/** Waits until the picture comes in such a height and goes on; gives the height. */
async function sees(userId: string, fits: (height: number) => boolean, what: string, publisher: BrowserPage): Promise<number> {
  const deadline = Date.now() + changeTimeoutMs;
  for (let before = -1; ; ) {
    const { frameHeight, framesDecoded } = await viewer.page.evaluate((id) => window.probe.picture(id), userId);
    if (fits(frameHeight) && before >= 0 && framesDecoded > before) {
      return frameHeight;
    }
    before = fits(frameHeight) && before < 0 ? framesDecoded : before;
    if (Date.now() > deadline) {
      assert.fail(`${frameHeight} lines come, not ${what}; sent are ${JSON.stringify(await sentBy(publisher))}`);
    }
    await viewer.page.waitForTimeout(50);
  }
}

const isLarge = (height: number): boolean => height >= 540;
const isSmall = (height: number): boolean => height > 0 && height <= 300;

for (const kind of kinds) {
  test(`${kind.name} sends ${kind.codec.slice(6)} in several encodings, and a viewer gets what its tile shows`, async (context) => {
    const page = await kind.open(`${server.address}/healthz`);
    if (page === null) {
      context.diagnostic(`${kind.name} is not installed here: nothing is known of it.`);
      return;
    }
    open.push(page);
    const host = `host-${kind.name.toLowerCase()}`;
    const live = `live-${kind.name.toLowerCase()}`;
    await publish(page, `${server.address}/whip/${live}?userId=${host}`, kind.codec);
    await viewer.page.setViewportSize(desktop);
    await viewer.comeBack(`${server.address}/live/${live}`);
    await viewer.tile(host).waitFor();

    const heights = [await sees(host, isLarge, 'at least 540', page)];
    const before = await viewer.negotiations();
    await viewer.page.setViewportSize(tiny);
    heights.push(await sees(host, isSmall, 'at most 300', page));
    await viewer.page.setViewportSize(desktop);
    heights.push(await sees(host, isLarge, 'at least 540', page));
    assert.deepEqual(await viewer.negotiations(), before, 'nobody has negotiated');

    const { codec, heights: sent } = await sentBy(page);
    assert.deepEqual(Object.keys(sent).sort(), ['f', 'h', 'q']);
    assert.ok(codec === '' || codec === kind.codec, codec);
    context.diagnostic(`seen in ${heights.join(', ')} lines; sent ${JSON.stringify(sent)} in ${codec}`);
    await page.end();
  });
}
