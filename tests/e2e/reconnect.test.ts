import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Person, desktop, phone } from './support/person.js';
import { writePicture } from './support/picture.js';
import { startServer } from './support/server.js';
import type { RunningServer } from './support/server.js';

/** A guest's signalling is cut, and comes back: what all see meanwhile, and that nothing is lost or made anew. */

const scene = { wall: [206, 92, 46], hair: [34, 30, 34], skin: [150, 98, 72], shirt: [38, 62, 74] } as const;

let server: RunningServer;
let folder: string;
let host: Person;
let guest: Person;
let other: Person;
const people = (): Person[] => [host, guest, other];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dais-e2e-'));
  const picture = join(folder, 'picture.y4m');
  await writePicture(picture, scene);
  // Long enough for slow machines: what is shown meanwhile is looked at for a while.
  server = await startServer({ Dais__SeatGraceSeconds: '90' });
  host = await Person.arrive('hanna', desktop, picture);
  guest = await Person.arrive('gustav', phone, picture);
  other = await Person.arrive('vera', desktop, picture);
});

after(async () => {
  await Promise.all(people().map((person) => person?.leave()));
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function comeOnStage(person: Person): Promise<void> {
  await person.page.getByTestId('apply-seat').click();
  await host.page.getByTestId('accept-application').click();
  await host.seesAndHears(person.userId);
}

test('A guest whose signalling is cut goes on seeing and being seen, and misses nothing', { timeout: 120_000 }, walk);

async function walk(): Promise<void> {
  try {
    // 1. A live with a guest on stage, and somebody who watches.
    await host.goLive(server.address, 'Reconnecting');
    for (const person of [guest, other]) {
      await person.watch(server.address, 'Reconnecting');
      await person.seesAndHears('hanna');
    }
    await comeOnStage(guest);
    await other.seesAndHears('gustav');

    // 2. The guest's signalling is gone: both sides say so, and the media does not mind.
    const veil = host.page.locator('[data-testid="stage-tile"][data-user-id="gustav"] [role="status"]');
    assert.equal(await veil.count(), 0);
    await guest.page.evaluate(() => window.probe.cutSignaling());
    await veil.waitFor();
    await guest.page.getByTestId('reconnecting').waitFor();
    await Promise.all([guest.seesAndHears('hanna'), host.seesAndHears('gustav'), other.seesAndHears('gustav')]);
    await host.screenshot('guest-reconnecting-desktop-host');
    await guest.screenshot('reconnecting-phone-guest');

    // 3. Meanwhile somebody else comes on stage.
    await comeOnStage(other);

    // 4. It is back: the marks go, and the guest knows what has happened.
    await guest.page.evaluate(() => window.probe.mendSignaling());
    await veil.waitFor({ state: 'detached' });
    await guest.page.getByTestId('reconnecting').waitFor({ state: 'detached' });
    await guest.seesAndHears('vera');
    await other.seesAndHears('gustav');
    await guest.screenshot('back-phone-guest');

    // 5. Nothing was negotiated again, and nobody has left.
    const peers = await guest.peers();
    assert.deepEqual(
      peers.map(({ receives, answerCount, state }) => [receives, answerCount, state]).sort(),
      [
        [false, 1, 'connected'],
        [true, 1, 'connected'],
      ],
    );
    assert.equal(guest.socketCount, 2, 'one WebSocket before, one after');
    for (const person of people()) {
      assert.deepEqual(person.troubles, [], `troubles of ${person.userId}`);
    }
  } catch (error) {
    for (const person of people()) {
      await person?.screenshot(`failed-reconnect-${person.userId}`).catch(() => undefined);
      console.error(`${person?.userId}: ${person?.troubles.join(' | ')}`);
    }
    console.error(server?.log());
    throw error;
  }
}
