import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Network } from './support/network.js';
import { onlyReachable } from './support/onlyReachable.js';
import { Person, desktop } from './support/person.js';
import { writePicture } from './support/picture.js';
import { startServer } from './support/server.js';
import type { RunningServer } from './support/server.js';
import { watchingScript } from './support/statistics.js';
import { trustThePath } from './support/trustThePath.js';
import { entries, visit, visitOften, visitsHead, visitsRow } from './support/visits.js';

/**
 * How long it takes from a click on a live to its first picture, phase by phase: a host in one Chromium beside the server, a viewer in
 * another inside a network namespace, on ways of several lengths, with nothing ahead and after the card was pointed at. Needs root
 * and iproute2.
 */

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '20' },
    'round-trips': { type: 'string', default: '0,60' },
    /** Percent, each way. */
    loss: { type: 'string', default: '0,5' },
    seed: { type: 'string', default: '1' },
  },
});
const numbers = (text: string): number[] => text.split(',').map(Number);
const title = 'How soon';
const scene = { wall: [44, 92, 148], hair: [58, 36, 28], skin: [226, 178, 148], shirt: [238, 224, 200] } as const;

const folder = await mkdtemp(join(tmpdir(), 'dais-measure-'));
const people: Person[] = [];
let server: RunningServer | undefined;
const network = await Network.make(folder, Number(options.seed));
process.on('exit', () => {
  void server?.stop();
  network.remove();
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit(1));
}

try {
  const picture = join(folder, 'picture.y4m');
  await writePicture(picture, scene);
  server = await startServer(network.serverSettings);
  const inside = await network.openTo(server.address);
  const host = await Person.arrive('hanna', desktop, picture);
  people.push(host);
  await host.page.addInitScript({ content: trustThePath });
  await host.goLive(server.address, title);
  const viewer = await Person.arrive('vera', desktop, undefined, {
    executablePath: network.executablePath,
    args: [`--unsafely-treat-insecure-origin-as-secure=${inside}`],
  });
  people.push(viewer);
  await viewer.page.addInitScript({ content: onlyReachable(new URL(inside).hostname) });
  await viewer.page.addInitScript({ path: watchingScript });
  network.set({ roundTripMs: 0, loss: 0 });
  await viewer.open(inside);
  // The page of a live comes with the first visit, and is there from then on.
  await visit(viewer, title, 'cold');

  console.log(network.hasNetem ? 'tc netem on both ends of the way.' : `A forwarder of datagrams (seed ${options.seed}); TCP is only delayed.`);
  console.log(`Medians in milliseconds after the click.\n\n${visitsHead()}`);
  for (const roundTripMs of numbers(options['round-trips'])) {
    for (const loss of numbers(options.loss)) {
      const way = { roundTripMs, loss: loss / 100 };
      network.set(way);
      const visits = await visitOften(viewer, title, Number(options.runs));
      for (const entry of entries) {
        console.log(visitsRow(way, entry, visits[entry]));
        console.error(visits[entry].map(({ firstPictureAt }) => firstPictureAt).join(', '));
      }
    }
  }
} finally {
  await Promise.allSettled(people.map((person) => person.leave()));
  await server?.stop();
  network.remove();
  await rm(folder, { recursive: true, force: true });
}
