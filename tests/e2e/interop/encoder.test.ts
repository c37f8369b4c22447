import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';
import { startServer } from '../support/server.js';
import { accessToken } from '../support/token.js';
import { ProcessClient } from './processClient.js';

/** An encoder as OBS is publishes to a server in production, and a page with somebody else's WHEP player watches it. */

const key = 'a key that is long enough for production mode';
const framesMin = 12;
const deadlineMs = 40_000;
const player = fileURLToPath(new URL('../node_modules/whip-whep/whep.js', import.meta.url));
const isInstalled = existsSync(player) && (await import('node-datachannel').then(() => true, () => false));
const outside = Object.values(networkInterfaces()).flatMap((all) => all ?? []).find((each) => each.family === 'IPv4' && !each.internal)?.address;

const server = await startServer({
  ASPNETCORE_ENVIRONMENT: 'Production',
  Dais__Keys__test: key,
  ...(outside === undefined ? {} : { Dais__Media__AdvertisedAddresses: outside }),
});
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'] });
const hostToken = accessToken(key, 'hana', 'host');
const script = fileURLToPath(new URL('encoderPeer.ts', import.meta.url));
const encoders: ProcessClient[] = [];
/** What pages were refused. */
const refused: string[] = [];

after(async () => {
  await Promise.allSettled(encoders.map((encoder) => encoder.close()));
  await browser.close();
  await server.stop();
});

interface Seen {
  frames: number;
  sound: number;
  codec: string;
}

function startEncoder(token = hostToken): ProcessClient {
  const encoder = new ProcessClient(process.execPath, ['--import', 'tsx', script, token]);
  encoders.push(encoder);
  return encoder;
}

/** A page whose player is the module `whip-whep`, of which nothing here is known but its two calls. */
async function watch(token: string): Promise<Page> {
  const page = await browser.newPage();
  page.on('response', (response) => response.status() >= 400 && refused.push(`${response.request().method()} ${response.url()}: ${response.status()}`));
  await page.goto(`${server.address}/healthz`);
  await page.evaluate(
    async ([module, url, bearer]) => {
      const { WHEPClient } = (await import(URL.createObjectURL(new Blob([module!], { type: 'text/javascript' })))) as {
        WHEPClient: new () => { view(connection: RTCPeerConnection, url: string, token: string): Promise<void>; stop(): Promise<void> };
      };
      const connection = new RTCPeerConnection();
      const stream = new MediaStream();
      const video = Object.assign(document.createElement('video'), { autoplay: true, muted: true, srcObject: stream });
      document.body.append(video);
      connection.ontrack = ({ track }) => stream.addTrack(track);
      connection.addTransceiver('audio', { direction: 'recvonly' });
      connection.addTransceiver('video', { direction: 'recvonly' });
      const client = new WHEPClient();
      Object.assign(window, { connection, client });
      await client.view(connection, url!, bearer!);
    },
    [readFileSync(player, 'utf8'), `${server.address}/whep/lobby`, token],
  );
  return page;
}

async function figuresOf(page: Page): Promise<Seen> {
  return page.evaluate(async () => {
    const seen = { frames: 0, sound: 0, codec: '' };
    const { connection } = window as unknown as { connection: RTCPeerConnection };
    const all = await connection.getStats();
    all.forEach((entry: Record<string, unknown>) => {
      if (entry['type'] === 'inbound-rtp' && entry['kind'] === 'video') {
        seen.frames = Number(entry['framesDecoded'] ?? 0);
        seen.codec = String((all.get(String(entry['codecId'])) as { mimeType?: string } | undefined)?.mimeType ?? '');
      } else if (entry['type'] === 'inbound-rtp' && entry['kind'] === 'audio') {
        seen.sound = Number(entry['packetsReceived'] ?? 0);
      }
    });
    return seen;
  });
}

/** Waits for so many more pictures. */
async function seesMore(page: Page, since: number): Promise<Seen> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const seen = await figuresOf(page);
    if (seen.frames >= since + framesMin) {
      return seen;
    }
    assert.ok(Date.now() < end, `${seen.frames - since} pictures, ${seen.sound} packets of sound`);
    await page.waitForTimeout(100);
  }
}

if (!isInstalled) {
  console.log('# node-datachannel or whip-whep is not installed here: nothing is known of them.');
} else {
  test('Whoever has no token of a host does not go live', async () => {
    await assert.rejects(startEncoder('nobody').publish(`${server.address}/whip/lobby`), /401/);
    await assert.rejects(startEncoder(accessToken(key, 'vera', 'audience')).publish(`${server.address}/whip/lobby`), /403|404/);
  });

  test('OBS goes live with H.264, stops and starts again, and one WHEP player shows all of it', async (context) => {
    const encoder = startEncoder();
    await encoder.publish(`${server.address}/whip/lobby`);
    const page = await watch(accessToken(key, 'vera', 'audience'));
    const first = await seesMore(page, 0);
    assert.equal(first.codec, 'video/H264');
    assert.ok(first.sound > 0, 'sound');

    await encoder.stop();
    await encoder.publish(`${server.address}/whip/lobby`);
    const second = await seesMore(page, (await figuresOf(page)).frames);

    // A crash says no goodbye: the next session of the same user takes over.
    await encoder.close();
    const another = startEncoder();
    await another.publish(`${server.address}/whip/lobby`);
    const third = await seesMore(page, (await figuresOf(page)).frames);
    context.diagnostic(JSON.stringify([first, second, third]));
    await page.evaluate(() => (window as unknown as { client: { stop(): Promise<void> } }).client.stop());
    // This player names no ICE session with its candidates (RFC 9725 §4.3.1), of which the server needs none; and it hangs up before its DELETE.
    assert.deepEqual(refused.filter((line) => !/^PATCH .*: 428$|^DELETE .*: 404$/.test(line)), []);
    await another.stop();
  });
}
