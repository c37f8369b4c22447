import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { LossyPath } from './support/lossyPath.js';
import { freePort } from './support/network.js';
import { Person, desktop } from './support/person.js';
import { writePicture } from './support/picture.js';
import { quantile } from './support/quantile.js';
import { startServer } from './support/server.js';
import type { RunningServer } from './support/server.js';
import { watchingScript } from './support/statistics.js';
import { visit, visitOften } from './support/visits.js';

/** A live that was pointed at shows its picture with the answer to the click: real browsers, the real server, and a way of 60 ms. */

const scene = { wall: [44, 92, 148], hair: [58, 36, 28], skin: [226, 178, 148], shirt: [238, 224, 200] } as const;
const roundTripMs = 60;
const title = 'At once';

test('A prepared live is seen one round trip after the click, and nothing of it comes before', { timeout: 120_000 }, async () => {
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
    const pages = `http://127.0.0.1:${await path.carryConnections('127.0.0.1', Number(new URL(server.address).port))}`;
    const host = await Person.arrive('hanna', desktop, picture);
    people.push(host);
    await host.goLive(server.address, title);
    const viewer = await Person.arrive('vera', desktop);
    people.push(viewer);
    await viewer.page.addInitScript({ path: watchingScript });
    await viewer.open(pages);
    // The page of a live comes with the first visit, and is there from then on.
    await visit(viewer, title, 'cold');
    path.set({ roundTripMs, loss: 0 });

    // 1. Pointed at, it is connected; nobody in the live knows, and not one media packet comes.
    await viewer.page.evaluate(() => window.watching.forgetTimes());
    const card = viewer.page.getByTestId('live-card').filter({ hasText: title });
    await card.hover();
    await viewer.page.waitForFunction(() => window.watching.times().connectedAt !== null, undefined, { polling: 20 });
    await viewer.page.waitForTimeout(500);
    const before = await viewer.page.evaluate(() => window.watching.statistics());
    assert.deepEqual([before.packetsReceived, before.soundPacketsReceived], [0, 0]);
    await card.click();
    await viewer.seesAndHears('hanna');
    await viewer.page.mouse.move(0, 0);
    await viewer.page.goBack();

    // 2. Opened, it shows its picture. How soon depends on the machine as well: the quickest tells of the way.
    const { cold, prepared } = await visitOften(viewer, title, 7);
    const shown = (visits: typeof cold): number[] => visits.map(({ firstPictureAt }) => firstPictureAt);
    console.log(`First picture after the click: cold ${shown(cold).join(', ')} ms; prepared ${shown(prepared).join(', ')} ms.`);
    assert.ok(Math.min(...shown(prepared)) <= roundTripMs + 100, 'within a round trip and 100 ms');
    // Cold: the answer, ICE, and DTLS twice there and back.
    assert.ok(Math.min(...shown(cold)) >= 4 * roundTripMs, 'a cold one takes four');
    assert.ok(quantile(shown(prepared), 0.5) < quantile(shown(cold), 0.5) - roundTripMs, 'and is slower');
  } finally {
    await Promise.all(people.map((person) => person.leave()));
    await server?.stop();
    path.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
