import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startServer } from '../support/server.js';
import type { Client, ClientKind, Figures } from './client.js';
import { clientKinds } from './clients.js';
import { differences, pageOf, profileName, tableOf } from './matrix.js';
import type { Row } from './matrix.js';

/** Enough that it goes on and on, and is no burst at the beginning. */
const framesMin = 12;
const audioPacketsMin = 25;

/** Long, for a machine that does other things; what works is done in seconds. */
const deadlineMs = 40_000;
const pollMs = 200;
const page = fileURLToPath(new URL('../../../docs/interop.md', import.meta.url));

interface Installed {
  readonly kind: ClientKind;
  readonly client: Client;
}

const address = otherAddress();
const server = await startServer(address === undefined ? {} : { Dais__Media__AdvertisedAddresses: address });
const installed = await startClients().catch(async (error: unknown) => {
  await server.stop();
  throw error;
});
const received = new Map(installed.map(({ kind }) => [kind.name, new Map<string, boolean>()]));
const profiles = new Map<string, string>();

/** The first address of this machine that is not loopback: libnice and Firefox make no use of candidates on loopback. */
function otherAddress(): string | undefined {
  return Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .find((each) => each.family === 'IPv4' && !each.internal)?.address;
}

async function waitFor(watcher: Installed): Promise<Figures> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const figures = await watcher.client.figures();
    const isEnough = figures.videoFrames >= framesMin && figures.audioPackets >= audioPacketsMin;
    if (isEnough || Date.now() > end) {
      assert.ok(isEnough, `${figures.videoFrames} ${watcher.kind.proof}, ${figures.audioPackets} packets of sound`);
      return figures;
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** Starts what is installed here. What is not has no test, and is named. */
async function startClients(): Promise<Installed[]> {
  const started = await Promise.all(clientKinds.map(async (kind) => ({ kind, client: await kind.start(`${server.address}/healthz`) })));
  return started.flatMap(({ kind, client }) => {
    if (client === null) {
      console.log(`# ${kind.name} is not installed here: nothing is known of it.`);
      return [];
    }
    return [{ kind, client }];
  });
}

/** Ends every session; a client that cannot is named. */
async function stopAll(): Promise<string[]> {
  const stopped = await Promise.allSettled(installed.map(({ client }) => client.stop()));
  return stopped.flatMap((each, i) => (each.status === 'rejected' ? [`${installed[i]!.kind.name} at its end: ${String(each.reason)}`] : []));
}

after(async () => {
  await Promise.allSettled(installed.map(({ client }) => client.close()));
  await server.stop();
});

test('this machine has an address that every client uses', () => {
  assert.ok(address !== undefined, 'There is none but loopback, which Firefox and GStreamer do not use.');
});

for (const [number, publisher] of installed.entries()) {
  const { kind } = publisher;
  test(`${kind.name} publishes by WHIP, and everybody watches by WHEP`, async (context) => {
    const start = Date.now();
    await publisher.client.publish(`${server.address}/whip/room-${number}?userId=host-${number}`);
    const outcomes = await Promise.all(
      installed.map(async (watcher) => {
        try {
          await watcher.client.watch(`${server.address}/whep/room-${number}?userId=viewer-${watcher.kind.name}`);
          const figures = await waitFor(watcher);
          if (figures.srtp !== '') {
            profiles.set(watcher.kind.name, profileName(figures.srtp));
          }
          received.get(watcher.kind.name)?.set(kind.name, true);
          context.diagnostic(`${watcher.kind.name} after ${Date.now() - start} ms: ${JSON.stringify(figures)}`);
          return null;
        } catch (error) {
          return `${watcher.kind.name}: ${error instanceof Error ? error.message : String(error)}`;
        }
      }),
    );
    assert.deepEqual([...outcomes.filter((outcome) => outcome !== null), ...(await stopAll())], []);
  });
}

test('both SRTP profiles are in use, and the page says what was found', () => {
  const rows: Row[] = clientKinds.map((kind) => ({
    kind,
    srtp: received.has(kind.name) ? (profiles.get(kind.name) ?? 'does not tell') : null,
    received: received.get(kind.name) ?? new Map(),
  }));
  tableOf(rows).forEach((line) => console.log(line));
  const made = pageOf(rows);
  const output = process.env['DAIS_TEST_OUTPUT'];
  if (output !== undefined) {
    writeFileSync(join(output, 'interop.md'), made);
  }
  if (process.env['DAIS_INTEROP_UPDATE'] === '1') {
    writeFileSync(page, made);
  }
  if (installed.length === clientKinds.length) {
    assert.deepEqual([...new Set(profiles.values())].sort(), ['AEAD_AES_128_GCM', 'AES_CM_128_HMAC_SHA1_80']);
  }
  assert.deepEqual(differences(existsSync(page) ? readFileSync(page, 'utf8') : '', made), []);
});
