import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { journey } from './support/journey.js';
import { Person, desktop, phone } from './support/person.js';
import type { Negotiations } from './support/person.js';
import { writePicture } from './support/picture.js';
import type { Scene } from './support/picture.js';
import { startServer } from './support/server.js';
import type { RunningServer } from './support/server.js';

/** Two hosts, each with an audience of two, go live together and part again. Each test is a step of one evening. */

const hannaScene: Scene = { wall: [44, 92, 148], hair: [58, 36, 28], skin: [226, 178, 148], shirt: [238, 224, 200] };
const ottoScene: Scene = { wall: [206, 92, 46], hair: [34, 30, 34], skin: [150, 98, 72], shirt: [38, 62, 74] };
const firstFrameTimeoutMs = 10_000;

let server: RunningServer;
let folder: string;
/** A host on a wide screen, and who watches there. */
let hanna: Person;
let vera: Person;
let wim: Person;
/** A host on a phone, and who watches there. */
let otto: Person;
let xenia: Person;
let yuri: Person;
let hannaLive: string;
let ottoLive: string;
let atFirst: Map<Person, Negotiations>;

const people = (): Person[] => [hanna, vera, wim, otto, xenia, yuri];
const hannasPlace = (): Person[] => [hanna, vera, wim];
const ottosPlace = (): Person[] => [otto, xenia, yuri];
const step = journey(people, () => server);

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dais-e2e-'));
  const arrive = async (userId: string, screen: typeof phone, scene: Scene): Promise<Person> => {
    const picture = join(folder, `${userId}.y4m`);
    await writePicture(picture, scene);
    return Person.arrive(userId, screen, picture);
  };
  server = await startServer();
  hanna = await arrive('hanna', desktop, hannaScene);
  otto = await arrive('otto', phone, ottoScene);
  vera = await Person.arrive('vera', phone);
  wim = await Person.join(vera, 'wim', desktop);
  xenia = await Person.join(vera, 'xenia', desktop);
  yuri = await Person.join(vera, 'yuri', phone);
});

after(async () => {
  await Promise.all(people().map((person) => person?.leave()));
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Everybody sees and hears both hosts; a host sees the other one's picture and their own camera. */
async function allSeeBoth(): Promise<void> {
  const seen = people().flatMap((person) =>
    [hanna, otto].filter((host) => host !== person).map((host) => person.seesAndHears(host.userId)),
  );
  await Promise.all(seen);
}

async function nobodyNegotiated(): Promise<void> {
  for (const [person, expected] of atFirst) {
    assert.deepEqual(await person.negotiations(), expected, `${person.userId} has negotiated nothing since`);
    const subscriptions = (await person.peers()).filter(({ receives }) => receives);
    assert.deepEqual(subscriptions, [{ receives: true, answerCount: 1, state: 'connected' }]);
  }
}

async function ask(host: Person, query: string, liveId: string, layout = 'Side by side'): Promise<void> {
  await host.page.getByTestId('open-hosts').click();
  await host.page.getByTestId('host-search').fill(query);
  await host.ofLive('host-candidate', liveId).click();
  await host.page.getByTestId('find-host').getByText(layout, { exact: true }).click();
  await host.page.getByTestId('ask-hosts').click();
}

async function secondsLeft(person: Person): Promise<number> {
  const text = await person.page.getByTestId('sent-host-request').textContent();
  return Number(/(\d+) s/.exec(text ?? '')?.[1]);
}

step('Two hosts are live, and two people watch each', async () => {
  await hanna.goLive(server.address, 'Sunday kitchen');
  await otto.goLive(server.address, 'Vinyl hour');
  hannaLive = hanna.liveId;
  ottoLive = otto.liveId;
  for (const [viewers, host, title] of [
    [[vera, wim], hanna, 'Sunday kitchen'],
    [[xenia, yuri], otto, 'Vinyl hour'],
  ] as const) {
    for (const viewer of viewers) {
      await viewer.watch(server.address, title);
      await viewer.seesAndHears(host.userId);
    }
  }
  atFirst = new Map();
  for (const person of people()) {
    atFirst.set(person, await person.negotiations());
  }
});

step('A host finds the other by name, and reads why somebody else cannot be asked', async () => {
  await hanna.page.getByTestId('open-hosts').click();
  await hanna.ofLive('host-candidate', ottoLive).waitFor();
  await hanna.screenshot('find-host-desktop');
  await hanna.page.getByTestId('host-search').fill('gone-long-ago');
  await hanna.ofLive('host-candidate', 'gone-long-ago').click();
  await hanna.page.getByTestId('ask-hosts').click();
  await hanna.page.getByText('gone-long-ago is not live').waitFor();
  await hanna.screenshot('find-host-refused-desktop');
  await hanna.page.getByTestId('host-search').fill('ott');
  assert.match((await hanna.ofLive('host-candidate', ottoLive).textContent()) ?? '', /Otto.*2 watching/);
  await hanna.page.keyboard.press('Escape');
});

step('They ask, the time runs on both sides, and they take it back', async () => {
  await ask(hanna, 'otto', ottoLive);
  await hanna.page.getByTestId('find-host').waitFor({ state: 'detached' });
  await otto.ofLive('host-request', hannaLive).waitFor();
  const asked = await secondsLeft(hanna);
  assert.ok(asked > 20 && asked <= 30, `${asked} s of 30 left`);
  await hanna.page.waitForFunction(
    (text) => document.querySelector('[data-testid="sent-host-request"]')?.textContent?.includes(text),
    `${asked - 1} s`,
  );
  await hanna.screenshot('asking-host-desktop');
  await otto.screenshot('asked-host-phone');
  await hanna.page.getByTestId('cancel-host-request').click();
  await otto.ofLive('host-request', hannaLive).waitFor({ state: 'detached' });
  await otto.reads('Hanna took the request back');
});

step('They ask again with a link, and the other declines', async () => {
  await ask(hanna, `${server.address}/live/${ottoLive}`, ottoLive);
  await otto.ofLive('host-request', hannaLive).getByTestId('reject-host').click();
  await hanna.reads('Otto would rather not right now');
  await hanna.page.getByTestId('sent-host-request').waitFor({ state: 'detached' });
});

step('The third time the other accepts, and all six see and hear both hosts', async () => {
  await ask(hanna, 'Otto', ottoLive);
  const firstFrames = [
    vera.page.evaluate((timeoutMs) => window.probe.nextNewcomerAt('otto', timeoutMs), firstFrameTimeoutMs),
    xenia.page.evaluate((timeoutMs) => window.probe.nextNewcomerAt('hanna', timeoutMs), firstFrameTimeoutMs),
  ];
  await otto.ofLive('host-request', hannaLive).getByTestId('accept-host').click();
  const acceptedAt = await otto.page.evaluate(() => window.probe.lastClickAt());
  const times = (await Promise.all(firstFrames)).map((seenAt) => seenAt - acceptedAt);
  console.log(`accept to the other room's host: asking room ${times[0]} ms, accepting room ${times[1]} ms`);
  await allSeeBoth();
});

step('Everywhere it is the hosts\' own pictures, side by side', async () => {
  for (const person of people()) {
    await Promise.all([person.seesWall('hanna', hannaScene.wall), person.seesWall('otto', ottoScene.wall)]);
    const places = await Promise.all([person.tile('hanna').boundingBox(), person.tile('otto').boundingBox()]);
    const [own, other] = person.liveId === hannaLive ? places : places.toReversed();
    assert.ok(own && other && other.x >= own.x + own.width - 2, `${person.userId} has the own host on the left`);
    assert.ok(Math.abs(own.width - other.width) < 3 && Math.abs(own.y - other.y) < 3, 'and both equally large');
    await person.screenshot(`connected-${person.userId}`);
  }
});

step('Nobody has negotiated anything for it', nobodyNegotiated);

step('A host mutes the other for their own live only', async () => {
  await hanna.ofLive('mute-host', ottoLive).click();
  await Promise.all([hanna, vera, wim].map((person) => person.tile('otto').getByText('silenced').waitFor({ state: 'attached' })));
  const silent = async (person: Person): Promise<void> => {
    const slot = await person.page.evaluate(() => window.probe.slotNumberOf('otto'));
    assert.ok(slot !== null);
    await isQuiet(person, slot, 'audioPackets');
  };
  await Promise.all([hanna, vera, wim].map(silent));
  await Promise.all([xenia.seesAndHears('otto'), yuri.seesAndHears('otto'), xenia.seesAndHears('hanna')]);
  await hanna.screenshot('muted-host-desktop');
  await vera.screenshot('muted-host-phone-viewer');
  await hanna.ofLive('mute-host', ottoLive).click();
  await Promise.all([hanna.seesAndHears('otto'), vera.seesAndHears('otto'), wim.seesAndHears('otto')]);
});

step('A host who is cut off keeps their place, and is seen again when they are back', async () => {
  await otto.vanish();
  for (const person of hannasPlace()) {
    await person.tile('otto').getByTestId('remote-host-away').waitFor();
  }
  await xenia.page.getByTestId('host-away').waitFor();
  await wim.screenshot('other-host-away-desktop');
  await yuri.screenshot('own-host-away-phone');
  await otto.comeBack(`${server.address}/live/${ottoLive}`);
  await otto.page.getByTestId('end-live').waitFor();
  for (const person of hannasPlace()) {
    await person.tile('otto').getByTestId('remote-host-away').waitFor({ state: 'detached' });
  }
  await allSeeBoth();
  atFirst.set(otto, await otto.negotiations());
  await otto.screenshot('back-connected-phone');
  await nobodyNegotiated();
});

step('On a phone the connection is at hand', async () => {
  await otto.page.getByTestId('open-hosts').click();
  await otto.ofLive('connected-host', hannaLive).waitFor();
  await otto.screenshot('hosts-panel-phone');
  await vera.page.getByTestId('audience-count').click();
  await vera.ofLive('connected-host', ottoLive).waitFor();
  await vera.screenshot('hosts-panel-phone-viewer');
  await vera.page.keyboard.press('Escape');
});

let slotsBefore: (number | null)[];
const slotsOfOthers = (): Promise<(number | null)[]> =>
  Promise.all([
    ...hannasPlace().map(({ page }) => page.evaluate(() => window.probe.slotNumberOf('otto'))),
    ...ottosPlace().map(({ page }) => page.evaluate(() => window.probe.slotNumberOf('hanna'))),
  ]);

/** Whether a slot gets nothing of a kind any more: two looks, a second apart, as soon as it is so. */
async function isQuiet(person: Person, slot: number, what: 'framesDecoded' | 'audioPackets'): Promise<void> {
  const look = async (): Promise<number> =>
    (await person.page.evaluate((number) => window.probe.onSlot(number), slot))[what];
  for (let count = await look(), tries = 0; ; tries++) {
    await person.page.waitForTimeout(1_000);
    const now = await look();
    if (now === count) {
      return;
    }
    assert.ok(tries < 8, `${what} of slot ${slot} goes on at ${person.userId}`);
    count = now;
  }
}

step('One leaves: both audiences have their own host alone, and the slots are free', async () => {
  slotsBefore = await slotsOfOthers();
  assert.ok(slotsBefore.every((slot) => slot !== null));
  await otto.page.getByTestId('leave-connection').click();
  await otto.page.getByTestId('leave-connection-confirm').waitFor();
  await otto.screenshot('leave-connection-phone');
  await otto.page.getByTestId('leave-connection-confirm').click();
  for (const [place, gone] of [
    [hannasPlace(), 'otto'],
    [ottosPlace(), 'hanna'],
  ] as const) {
    for (const person of place) {
      await person.tile(gone).waitFor({ state: 'detached' });
    }
  }
  await hanna.reads('No longer live together with Otto');
  await Promise.all(
    people().flatMap((person, index) => {
      const slot = slotsBefore[index] ?? -1;
      return [isQuiet(person, slot, 'framesDecoded'), isQuiet(person, slot, 'audioPackets')];
    }),
  );
  await Promise.all([vera.seesAndHears('hanna'), wim.seesAndHears('hanna'), xenia.seesAndHears('otto')]);
  await hanna.screenshot('parted-desktop');
});

step('Both ask each other, which connects them at once, on the same slots as before', async () => {
  await otto.page.keyboard.press('Escape');
  await ask(otto, 'Hanna', hannaLive, 'Landscape');
  await hanna.ofLive('host-request', ottoLive).waitFor();
  await hanna.screenshot('asked-host-desktop');
  await ask(hanna, ottoLive, ottoLive);
  await allSeeBoth();
  assert.deepEqual(await slotsOfOthers(), slotsBefore);
  await nobodyNegotiated();
  assert.equal(await otto.page.getByTestId('sent-host-request').count(), 0);
  assert.equal(await hanna.page.getByTestId('host-request').count(), 0);
  await yuri.screenshot('landscape-phone');
  await xenia.screenshot('landscape-desktop');
});

step('Somebody in the audience goes over to the other live', async () => {
  await wim.page.getByTestId('audience-count').click();
  await wim.ofLive('visit-host', ottoLive).click();
  await wim.page.getByTestId('host-name').filter({ hasText: 'Otto' }).waitFor();
  await Promise.all([wim.seesAndHears('otto'), wim.seesAndHears('hanna')]);
  await wim.screenshot('gone-over-desktop');
});

step('One host ends the live: the other goes on alone, and everybody is told', async () => {
  await hanna.page.getByTestId('end-live').click();
  await hanna.page.getByTestId('end-live-confirm').click();
  for (const person of [hanna, vera]) {
    await person.page.getByTestId('live-ended').waitFor();
  }
  for (const person of [...ottosPlace(), wim]) {
    await person.tile('hanna').waitFor({ state: 'detached' });
  }
  await otto.reads('No longer live together with Hanna');
  await Promise.all([xenia.seesAndHears('otto'), yuri.seesAndHears('otto')]);
  await otto.screenshot('other-live-ended-phone');
});

step('No page had trouble on the way', async () => {
  for (const person of people()) {
    assert.deepEqual(person.troubles, [], `troubles of ${person.userId}`);
  }
});
