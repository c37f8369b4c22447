import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { LossyPath } from './support/lossyPath.js';
import { freePort } from './support/network.js';
import { Person, desktop } from './support/person.js';
import { writePicture } from './support/picture.js';
import { startServer } from './support/server.js';
import type { RunningServer } from './support/server.js';
import { watchingScript } from './support/statistics.js';

/** What networks lose comes again: real browsers, the real server, and a way that loses every twentieth datagram. */

const scene = { wall: [44, 92, 148], hair: [58, 36, 28], skin: [226, 178, 148], shirt: [238, 224, 200] } as const;

test('What is lost on the ways of host and viewer is sent again, and the picture goes on', { timeout: 120_000 }, async () => {
  const [inFront, behind] = ['127.0.0.3', '127.0.0.2'];
  const folder = await mkdtemp(join(tmpdir(), 'dais-e2e-'));
  const path = new LossyPath(1);
  const people: Person[] = [];
  let server: RunningServer | undefined;
  try {
    const picture = join(folder, 'picture.y4m');
    await writePicture(picture, scene);
    const port = await freePort();
    server = await startServer({
      Dais__Media__Workers: '1',
      Dais__Media__Port: String(port),
      Dais__Media__Tcp: 'false',
      Dais__Media__AdvertisedAddresses: `${inFront}=${behind}`,
    });
    await path.carryDatagrams(inFront, behind, port);
    path.set({ roundTripMs: 20, loss: 0.05 });
    const host = await Person.arrive('hanna', desktop, picture);
    people.push(host);
    const viewer = await Person.arrive('vera', desktop);
    people.push(viewer);
    await viewer.page.addInitScript({ path: watchingScript });
    await host.goLive(server.address, 'A bad way');
    await viewer.watch(server.address, 'A bad way');
    await viewer.seesAndHears('hanna');
    await viewer.page.waitForFunction(
      async () => (await window.watching.statistics()).retransmittedPacketsReceived > 0,
      undefined,
      { polling: 100 },
    );
    await viewer.seesAndHears('hanna');
    for (const name of ['retransmitted_packets', 'restored_packets']) {
      await metricRises(server.address, `dais_media_${name}_total`);
    }
  } finally {
    await Promise.all(people.map((person) => person.leave()));
    await server?.stop();
    path.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

/** Waits until a metric is more than nothing: figures of the media workers are of a moment ago. */
async function metricRises(address: string, name: string): Promise<void> {
  const risen = new RegExp(`^${name}{[^}]*} [1-9]`, 'm');
  const patience = AbortSignal.timeout(60_000);
  while (!risen.test(await (await fetch(`${address}/metrics`, { signal: patience })).text())) {
    await setTimeout(100, undefined, { signal: patience });
  }
}
