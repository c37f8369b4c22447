import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Person, desktop } from './support/person.js';
import { quantile } from './support/quantile.js';
import { writePicture } from './support/picture.js';
import type { Scene } from './support/picture.js';
import { startServer } from './support/server.js';

/**
 * How long it takes from a host's click on "Connect" until the host of each room is seen in the other: two hosts and one
 * viewer each, connected and parted as often as `--runs` says (50 unless told), on one server. Prints a table.
 */

const scenes: readonly Scene[] = [
  { wall: [44, 92, 148], hair: [58, 36, 28], skin: [226, 178, 148], shirt: [238, 224, 200] },
  { wall: [206, 92, 46], hair: [34, 30, 34], skin: [150, 98, 72], shirt: [38, 62, 74] },
];
const firstFrameTimeoutMs = 20_000;
/** Lets encoders and machine come to rest between two runs; each run waits a different while, to meet no rhythm. */
const pauseMs = (run: number): number => 700 + ((run * 137) % 500);

const option = process.argv.indexOf('--runs');
const runs = option < 0 ? 50 : Number(process.argv[option + 1]);
if (!Number.isInteger(runs) || runs < 1) {
  throw new Error('--runs takes a number of runs.');
}

const folder = await mkdtemp(join(tmpdir(), 'dais-measure-'));
const people: Person[] = [];
const server = await startServer();

async function arriveHost(userId: string, scene: Scene, title: string): Promise<Person> {
  const picture = join(folder, `${userId}.y4m`);
  await writePicture(picture, scene);
  const host = await Person.arrive(userId, desktop, picture);
  people.push(host);
  await host.goLive(server.address, title);
  return host;
}

async function arriveViewer(viewer: Person, title: string, hostId: string): Promise<Person> {
  people.push(viewer);
  await viewer.watch(server.address, title);
  await viewer.seesAndHears(hostId);
  return viewer;
}

try {
  const [hannaScene, ottoScene] = scenes as [Scene, Scene];
  const hanna = await arriveHost('hanna', hannaScene, 'Asking');
  const otto = await arriveHost('otto', ottoScene, 'Accepting');
  const vera = await arriveViewer(await Person.arrive('vera', desktop), 'Asking', 'hanna');
  const yuri = await arriveViewer(await Person.join(vera, 'yuri', desktop), 'Accepting', 'otto');
  const [hannaLive, ottoLive] = [hanna.liveId, otto.liveId];

  /** Who waits for whom, in the words of the table. */
  const places = [
    { name: 'a viewer in the room that asked', page: vera, newcomer: 'otto' },
    { name: 'a viewer in the room that accepted', page: yuri, newcomer: 'hanna' },
    { name: 'the host who asked', page: hanna, newcomer: 'otto' },
    { name: 'the host who accepted', page: otto, newcomer: 'hanna' },
  ];
  const times: number[][] = places.map(() => []);

  for (let run = 0; run < runs; run++) {
    await hanna.page.getByTestId('open-hosts').click();
    await hanna.ofLive('host-candidate', ottoLive).click();
    await hanna.page.getByTestId('ask-hosts').click();
    const accept = otto.ofLive('host-request', hannaLive).getByTestId('accept-host');
    await accept.waitFor();
    // Frames of the last time, still on their way through a decoder, have come by then.
    await Promise.all(places.map(({ page }) => page.page.waitForTimeout(pauseMs(run))));
    const seen = places.map(({ page, newcomer }) =>
      page.page.evaluate(([id, timeoutMs]) => window.probe.nextNewcomerAt(id, timeoutMs), [
        newcomer,
        firstFrameTimeoutMs,
      ] as const),
    );
    await accept.click();
    const acceptedAt = await otto.page.evaluate(() => window.probe.lastClickAt());
    const seenAt = await Promise.all(seen);
    seenAt.forEach((at, index) => times[index]?.push(at - acceptedAt));
    console.error(`run ${run + 1} of ${runs}: ${seenAt.map((at) => `${at - acceptedAt} ms`).join(', ')}`);

    await hanna.page.getByTestId('leave-connection').click();
    await hanna.page.getByTestId('leave-connection-confirm').click();
    await Promise.all(places.map(({ page, newcomer }) => page.tile(newcomer).waitFor({ state: 'detached' })));
  }

  console.log(`| click on "Connect" to the other host's first decoded frame, ${runs} runs | p50 | p99 | least | most |`);
  console.log('|---|---|---|---|---|');
  places.forEach(({ name }, index) => {
    const of = times[index] ?? [];
    const cells = [quantile(of, 0.5), quantile(of, 0.99), Math.min(...of), Math.max(...of)];
    console.log(`| ${name} | ${cells.map((ms) => `${ms} ms`).join(' | ')} |`);
  });
} finally {
  await Promise.all(people.map((person) => person.leave()));
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
