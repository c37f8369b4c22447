import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { journey } from './support/journey.js';
import { Person, desktop, phone } from './support/person.js';
import { writePicture } from './support/picture.js';
import type { Scene } from './support/picture.js';
import { startServer } from './support/server.js';
import type { RunningServer } from './support/server.js';

/** The one journey everything is for: go live, watch, come on stage, leave it, end. Each test is a step of it. */

const hostScene: Scene = { wall: [44, 92, 148], hair: [58, 36, 28], skin: [226, 178, 148], shirt: [238, 224, 200] };
const guestScene: Scene = { wall: [206, 92, 46], hair: [34, 30, 34], skin: [150, 98, 72], shirt: [38, 62, 74] };
const firstFrameTimeoutMs = 10_000;

let server: RunningServer;
let folder: string;
let host: Person;
let guest: Person;
let viewer: Person;
const people = (): Person[] => [host, guest, viewer];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dais-e2e-'));
  const hostPicture = join(folder, 'host.y4m');
  const guestPicture = join(folder, 'guest.y4m');
  await writePicture(hostPicture, hostScene);
  await writePicture(guestPicture, guestScene);
  server = await startServer();
  host = await Person.arrive('hanna', desktop, hostPicture);
  guest = await Person.arrive('gustav', phone, guestPicture);
  viewer = await Person.arrive('vera', desktop);
});

after(async () => {
  await Promise.all(people().map((person) => person?.leave()));
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const step = journey(people, () => server);

step('Someone goes live with camera and microphone', async () => {
  await host.open(server.address);
  await host.page.getByRole('button', { name: 'Go live' }).filter({ visible: true }).click();
  await host.page.getByTestId('live-title').fill('Sunday kitchen');
  await host.screenshot('go-live-desktop');
  await host.page.getByTestId('go-live').click();
  await host.page.getByTestId('end-live').waitFor();
  await host.seesWall('hanna', hostScene.wall);
});

step('Others find the room in the list', async () => {
  for (const person of [guest, viewer]) {
    await person.open(server.address);
    await person.page.getByTestId('live-card').filter({ hasText: 'Sunday kitchen' }).waitFor();
  }
  await guest.screenshot('list-phone');
  await viewer.screenshot('list-desktop');
});

step('They see and hear the host', async () => {
  for (const person of [guest, viewer]) {
    await person.page.getByTestId('live-card').click();
    const clickedAt = await person.page.evaluate(() => window.probe.lastClickAt());
    const seenAt = await person.page.evaluate(
      (timeoutMs) => window.probe.firstFrameAt('hanna', timeoutMs),
      firstFrameTimeoutMs,
    );
    console.log(`${person.userId} clicked the room, the host's first frame: ${seenAt - clickedAt} ms`);
  }
  for (const person of [guest, viewer]) {
    await person.seesAndHears('hanna');
    await person.seesWall('hanna', hostScene.wall);
  }
  await guest.screenshot('watching-phone');
});

step('One of them asks to come on stage, and the host sees it', async () => {
  await guest.page.getByTestId('apply-seat').click();
  await host.page.getByTestId('accept-application').waitFor();
  await guest.page.getByTestId('pending-application').waitFor();
  await guest.screenshot('asking-phone');
  await host.screenshot('application-desktop');
});

step('The host accepts, and everyone sees and hears both', async () => {
  const firstFrame = viewer.page.evaluate(
    (timeoutMs) => window.probe.firstFrameAt('gustav', timeoutMs),
    firstFrameTimeoutMs,
  );
  await host.page.getByTestId('accept-application').click();
  const acceptedAt = await host.page.evaluate(() => window.probe.lastClickAt());
  const seenAt = await firstFrame;
  console.log(`accept to the guest's first decoded frame on the third page: ${seenAt - acceptedAt} ms`);

  await Promise.all([
    host.seesAndHears('gustav'),
    guest.seesAndHears('hanna'),
    viewer.seesAndHears('hanna'),
    viewer.seesAndHears('gustav'),
  ]);
});

step('The third page shows the guest\'s own picture', async () => {
  const seen = await viewer.seesWall('gustav', guestScene.wall);
  console.log(`the guest's wall is ${guestScene.wall.join(',')}, the third page shows ${seen.join(',')}`);
  await host.seesWall('gustav', guestScene.wall);
  await viewer.seesWall('hanna', hostScene.wall);
  await host.screenshot('on-stage-desktop-host');
  await guest.screenshot('on-stage-phone-guest');
  await viewer.screenshot('on-stage-desktop-viewer');
});

step('Nobody has reconnected or negotiated a subscription twice', async () => {
  for (const person of people()) {
    const peers = await person.peers();
    const subscribers = peers.filter(({ receives }) => receives);
    assert.deepEqual(
      subscribers,
      [{ receives: true, answerCount: 1, state: 'connected' }],
      `${person.userId} has one subscription, negotiated once`,
    );
    const publishers = peers.filter(({ receives }) => !receives);
    assert.equal(publishers.length, person === viewer ? 0 : 1, `${person.userId} publishes at most once`);
    assert.ok(publishers.every(({ answerCount }) => answerCount === 1));
    assert.equal(person.socketCount, 1, `${person.userId} has opened one WebSocket`);
  }
});

step('The host takes the guest off the stage', async () => {
  await host.page.locator('[data-testid="kick-guest"][data-user-id="gustav"]').click();
  for (const person of people()) {
    const tile = person.page.locator('[data-testid="stage-tile"][data-user-id="gustav"]');
    await tile.waitFor({ state: 'detached' });
  }
  await guest.page.getByTestId('apply-seat').waitFor();
  await guest.page.waitForFunction(() =>
    window.probe.peers().every(({ receives, state }) => receives || state === 'closed'),
  );
  await Promise.all([guest.seesAndHears('hanna'), viewer.seesAndHears('hanna')]);
  await guest.screenshot('off-stage-phone');
});

step('The host ends the live, and everyone is told', async () => {
  await host.page.getByTestId('end-live').click();
  await host.page.getByTestId('end-live-confirm').click();
  for (const person of people()) {
    await person.page.getByTestId('live-ended').waitFor();
  }
  await guest.screenshot('ended-phone');
  await host.screenshot('ended-desktop');
});

step('No page had trouble on the way', async () => {
  for (const person of people()) {
    assert.deepEqual(person.troubles, [], `troubles of ${person.userId}`);
    assert.equal(person.socketCount, 1, `${person.userId} has opened one WebSocket`);
  }
});
