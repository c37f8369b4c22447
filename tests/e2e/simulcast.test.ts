import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { journey } from './support/journey.js';
import { Person, anyPicture, desktop } from './support/person.js';
import type { Picture } from './support/person.js';
import { startServer } from './support/server.js';
import type { RunningServer } from './support/server.js';
import { trustThePath } from './support/trustThePath.js';

/** A camera that is sent in three encodings: who has a large tile gets the large picture, who has a small one the small. */

const tiny = { width: 300, height: 170 };
const changeTimeoutMs = 15_000;
const freezeMaxMs = 500;

let server: RunningServer;
let host: Person;
/** Has the stage on a wide screen. */
let laura: Person;
/** Has a window no larger than a stamp. */
let tim: Person;
const people = (): Person[] => [host, laura, tim];
const step = journey(people, () => server);

before(async () => {
  server = await startServer();
  host = await Person.arrive('hanna', desktop, anyPicture);
  await host.page.addInitScript({ content: trustThePath });
  laura = await Person.arrive('laura', desktop);
  tim = await Person.join(laura, 'tim', tiny);
});

after(async () => {
  await Promise.all(people().map((person) => person?.leave()));
  await server?.stop();
});

const pictureOf = (person: Person): Promise<Picture> => person.page.evaluate(() => window.probe.picture('hanna'));

/** Waits until the host's picture comes to someone in such a height, and gives it. */
async function sees(person: Person, fits: (height: number) => boolean, what: string): Promise<number> {
  const deadline = Date.now() + changeTimeoutMs;
  let picture = await pictureOf(person);
  while (!fits(picture.frameHeight) || picture.framesDecoded === 0) {
    assert.ok(Date.now() < deadline, `${person.userId} gets ${picture.frameHeight} lines, not ${what}`);
    await person.page.waitForTimeout(50);
    picture = await pictureOf(person);
  }
  return picture.frameHeight;
}

const isLarge = (height: number): boolean => height >= 540;
const isSmall = (height: number): boolean => height > 0 && height <= 240;

step('The host goes live with a large picture, and two come to see it', async () => {
  await host.goLive(server.address, 'Three sizes');
  await Promise.all([laura, tim].map(async (person) => {
    await person.comeBack(`${server.address}/live/${host.liveId}`);
    await person.tile('hanna').waitFor();
  }));
});

step('Each gets the picture in the size of its tile', async () => {
  const large = await sees(laura, isLarge, 'at least 540');
  const small = await sees(tim, isSmall, 'at most 240');
  console.log(`the large tile gets ${large} lines, the small one ${small}`);
});

step('The host sends three encodings', async () => {
  const sent = await host.page.evaluate(() => window.probe.encodings());
  assert.deepEqual(Object.keys(sent).sort(), ['f', 'h', 'q']);
  assert.deepEqual(['q', 'h', 'f'].map((rid) => sent[rid]?.frameHeight), [180, 360, 720]);
});

step('A tile that grows gets the larger picture, and one that shrinks the smaller, without a freeze', async () => {
  const before = await Promise.all(people().map((person) => person.negotiations()));
  await Promise.all([tim, laura].map(({ page }) => page.evaluate(() => window.probe.watchGaps('hanna'))));
  for (const [screen, fits, what] of [
    [desktop, isLarge, 'at least 540'],
    [tiny, isSmall, 'at most 240'],
  ] as const) {
    const { framesDecoded } = await pictureOf(tim);
    await tim.page.setViewportSize(screen);
    const height = await sees(tim, fits, what);
    const after = await pictureOf(tim);
    assert.ok(after.framesDecoded > framesDecoded, 'pictures go on');
    console.log(`after the change of size ${height} lines`);
  }
  const [gap, gapOfOther] = await Promise.all(
    [tim, laura].map(({ page }) => page.evaluate(() => Math.round(window.probe.longestGap('hanna')))),
  );
  console.log(`longest time between two pictures: ${gap} ms; of who changed nothing: ${gapOfOther} ms`);
  // What a busy machine holds up, it holds up for everybody.
  assert.ok(gap! <= Math.max(freezeMaxMs, gapOfOther! + 200), `no freeze: ${gap} ms between two pictures`);
  assert.deepEqual(await Promise.all(people().map((person) => person.negotiations())), before, 'nobody has negotiated');
});

step('What nobody watches is not sent, and comes back when somebody does', async () => {
  assert.ok(isLarge((await pictureOf(laura)).frameHeight), 'the large tile still has the large picture');
  await laura.page.setViewportSize(tiny);
  await sees(laura, isSmall, 'at most 240');
  const deadline = Date.now() + changeTimeoutMs;
  for (let sent = 'q h f'; sent !== 'q'; await host.page.waitForTimeout(100)) {
    assert.ok(Date.now() < deadline, `the host still sends ${sent}`);
    const all = await host.page.evaluate(() => window.probe.encodings());
    sent = ['q', 'h', 'f'].filter((rid) => all[rid]?.active).join(' ');
  }
  await laura.page.setViewportSize(desktop);
  await sees(laura, isLarge, 'at least 540');
});
