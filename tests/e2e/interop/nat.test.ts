import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { NatNetwork } from '../support/natNetwork.js';
import { chromiumPath } from '../support/person.js';
import { startServer } from '../support/server.js';
import type { RunningServer } from '../support/server.js';
import { startChromium } from './browserClient.js';
import type { Client } from './client.js';

/** A server that has an inner address alone, and browsers that know its outer one alone, with a translator of addresses between them. */

const port = 5180;
const framesMin = 12;
const deadlineMs = 40_000;

interface Scene {
  network: NatNetwork;
  folder: string;
  server?: RunningServer;
  host?: Client | null;
  viewer?: Client | null;
}

async function startAll(scene: Scene): Promise<string> {
  const { outer, local, atServer, atClient } = scene.network;
  scene.server = await startServer(
    { ASPNETCORE_URLS: `http://127.0.0.1:0;http://${local}:${port}`, Dais__Media__AdvertisedAddresses: `${outer}=${local}`, Dais__Media__Workers: '1' },
    atServer,
  );
  const address = `http://${outer}:${port}`;
  const executablePath = join(scene.folder, 'chromium-outside');
  await writeFile(executablePath, `#!/bin/sh\nexec ${atClient.join(' ')} ${chromiumPath} "$@"\n`);
  await chmod(executablePath, 0o755);
  const habits = { executablePath, args: [`--unsafely-treat-insecure-origin-as-secure=${address}`] };
  [scene.host, scene.viewer] = await Promise.all([startChromium(`${address}/healthz`, habits), startChromium(`${address}/healthz`, habits)]);
  return address;
}

test('Picture and sound pass a 1:1 translation of addresses both ways (skipped where no network namespaces can be made)', async (context) => {
  const network = NatNetwork.make();
  if (typeof network === 'string') {
    context.skip(network);
    return;
  }
  const scene: Scene = { network, folder: await mkdtemp(join(tmpdir(), 'dais-nat-')) };
  try {
    const address = await startAll(scene);
    await scene.host!.publish(`${address}/whip/lobby?userId=hana`);
    await scene.viewer!.watch(`${address}/whep/lobby?userId=vera`);
    const end = Date.now() + deadlineMs;
    let figures = await scene.viewer!.figures();
    while (figures.videoFrames < framesMin || figures.audioPackets < framesMin) {
      assert.ok(Date.now() < end, `${JSON.stringify(figures)}, ${network.translated()} packets translated`);
      await new Promise((resolve) => setTimeout(resolve, 200));
      figures = await scene.viewer!.figures();
    }
    assert.ok(network.translated() > 20, 'what came in was translated');
    context.diagnostic(`${JSON.stringify(figures)}, ${network.translated()} packets translated on their way in`);
    await Promise.all([scene.host!.stop(), scene.viewer!.stop()]);
  } finally {
    await Promise.allSettled([scene.host?.close(), scene.viewer?.close()]);
    await scene.server?.stop();
    network.remove();
    await rm(scene.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});
