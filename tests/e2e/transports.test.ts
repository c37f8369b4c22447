import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Person, desktop, phone } from './support/person.js';
import type { BrowserHabits, MediaPathFacts } from './support/person.js';
import { writePicture } from './support/picture.js';
import { startServer } from './support/server.js';
import type { RunningServer } from './support/server.js';
import { outsideAddress, startTurn } from './support/turn.js';
import type { TurnServer } from './support/turn.js';

/** The ways media takes when the short one is barred, or changes: real browsers, the real server, and coturn. */

const scene = { wall: [44, 92, 148], hair: [58, 36, 28], skin: [226, 178, 148], shirt: [238, 224, 200] } as const;
const timeout = 120_000;

/** Chromium as in a network that lets no UDP out. */
const withoutUdp: BrowserHabits = { args: ['--webrtc-ip-handling-policy=disable_non_proxied_udp'] };

let folder: string;
let picture: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dais-e2e-'));
  picture = join(folder, 'picture.y4m');
  await writePicture(picture, scene);
});

after(() => rm(folder, { recursive: true, force: true }));

/** Somebody goes live, somebody watches; what is asked of their ways, and what happens then. */
async function watchEachOther(
  settings: Record<string, string>,
  habits: BrowserHabits,
  check: (host: Person, viewer: Person) => Promise<void>,
): Promise<void> {
  let server: RunningServer | undefined;
  const people: Person[] = [];
  try {
    server = await startServer(settings);
    const host = await Person.arrive('hanna', desktop, picture, habits);
    people.push(host);
    const viewer = await Person.arrive('vera', phone, undefined, habits);
    people.push(viewer);
    await host.goLive(server.address, 'Another way');
    await viewer.watch(server.address, 'Another way');
    await viewer.seesAndHears('hanna');
    await check(host, viewer);
    for (const person of people) {
      assert.deepEqual(person.troubles, [], `troubles of ${person.userId}`);
    }
  } catch (error) {
    for (const person of people) {
      await person.screenshot(`failed-transports-${person.userId}`).catch(() => undefined);
      console.error(`${person.userId}: ${person.troubles.join(' | ')} ${JSON.stringify(await person.mediaPaths().catch(String))}`);
    }
    console.error(server?.log());
    throw error;
  } finally {
    await Promise.all(people.map((person) => person.leave()));
    await server?.stop();
  }
}

/** The way somebody publishes by, or receives by. */
async function pathOf(person: Person, receives: boolean): Promise<MediaPathFacts> {
  const found = (await person.mediaPaths()).filter((path) => path.receives === receives);
  assert.equal(found.length, 1, `one path of ${person.userId}`);
  return found[0]!;
}

describe('Media takes the way there is', () => {
  test('without UDP: publishing and watching go by ICE-TCP', { timeout }, () =>
    watchEachOther({}, withoutUdp, async (host, viewer) => {
      const paths = [await pathOf(host, false), await pathOf(host, true), await pathOf(viewer, true)];
      assert.deepEqual(
        paths.map(({ protocol, localType }) => [protocol, localType]),
        paths.map(() => ['tcp', paths[0]!.localType]),
      );
    }));

  test('with UDP: nobody takes TCP', { timeout }, () =>
    watchEachOther({}, {}, async (host, viewer) => {
      for (const path of [await pathOf(host, false), await pathOf(viewer, true)]) {
        assert.equal(path.protocol, 'udp');
      }
    }));

  test('over IPv6, when that is what the server has', { timeout }, () =>
    watchEachOther(
      { Dais__Media__AdvertisedAddresses: outsideAddress('IPv6') ?? '[::1]' },
      {},
      async (host, viewer) => {
        for (const path of [await pathOf(host, false), await pathOf(viewer, true)]) {
          assert.equal(path.remoteAddress.replace(/[[\]]/g, ''), outsideAddress('IPv6') ?? '::1');
        }
      },
    ));
});

describe('With a TURN server', () => {
  let turn: TurnServer | undefined;

  after(() => turn?.stop());

  test('those who may only use relays publish and watch, with credentials of their own', { timeout }, async () => {
    assert.equal(spawnSync('turnserver', ['--help']).error, undefined, 'coturn is not installed; test.sh does it');
    const address = outsideAddress() ?? '127.0.0.1';
    turn = await startTurn(address);
    const settings = {
      Dais__Media__AdvertisedAddresses: address,
      Dais__IceServers__0__Url: turn.url,
      Dais__IceServers__0__Secret: turn.secret,
    };
    await watchEachOther(settings, { relayOnly: true }, async (host, viewer) => {
      for (const path of [await pathOf(host, false), await pathOf(host, true), await pathOf(viewer, true)]) {
        assert.equal(path.localType, 'relay');
      }
    });
  });
});

describe('An ICE restart', () => {
  for (const [name, habits] of [
    ['by UDP', {}],
    ['by TCP', withoutUdp],
  ] as const) {
    test(`${name} keeps the connections of host and viewer, and the picture`, { timeout }, () =>
      watchEachOther({}, habits, async (host, viewer) => {
        for (const [person, receives] of [
          [host, false],
          [viewer, true],
        ] as const) {
          const before = await pathOf(person, receives);
          const peersBefore = (await person.peers()).length;
          await person.changeNetwork();
          await person.page.waitForFunction(
            async ([wanted, fragment]) =>
              (await window.probe.mediaPaths()).some((path) => path.receives === wanted && path.fragment !== fragment),
            [receives, before.fragment] as const,
            { polling: 100 },
          );
          await viewer.seesAndHears('hanna');
          assert.equal((await person.peers()).length, peersBefore, 'no new peer connection');
        }
      }));
  }
});
