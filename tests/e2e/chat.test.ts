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

/** What is written in a live: by everybody, before one came, too fast, and by those who may not. Each test is a step. */

const scene: Scene = { wall: [44, 92, 148], hair: [58, 36, 28], skin: [226, 178, 148], shirt: [238, 224, 200] };
/** As many messages at once as the server takes of one member. */
const burst = 20;

let server: RunningServer;
let folder: string;
/** On a wide screen. */
let host: Person;
/** On a phone. */
let vera: Person;
/** Comes late, on a wide screen. */
let lars: Person;
const people = (): Person[] => [host, vera, lars];
const step = journey(people, () => server);

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dais-e2e-'));
  const picture = join(folder, 'host.y4m');
  await writePicture(picture, scene);
  // So slow that nobody who has written too much may again before the page has said so, however busy the machine is.
  server = await startServer({ Dais__Messages__PerSecond: '1', Dais__Messages__Burst: String(burst) });
  host = await Person.arrive('hanna', desktop, picture);
  vera = await Person.join(host, 'vera', phone);
  lars = await Person.join(host, 'lars', desktop);
});

after(async () => {
  await Promise.all(people().map((person) => person?.leave()));
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const inputOf = (person: Person) => person.page.getByTestId('chat-input');
const linesOf = (person: Person) => person.page.getByTestId('chat-message');

async function write(person: Person, text: string): Promise<void> {
  await inputOf(person).fill(text);
  await inputOf(person).press('Enter');
  await linesOf(person).filter({ hasText: text }).waitFor();
}

async function reads(person: Person, text: string): Promise<void> {
  await linesOf(person).filter({ hasText: text }).waitFor();
}

const textsOf = (person: Person): Promise<string[]> => person.page.locator('[data-testid="chat-message"] .text').allTextContents();

/** Calls of `message.send` past the page, all at once. */
async function sendAll(person: Person, messages: object[]): Promise<void> {
  const all = messages.map((message) => ({ roomId: host.liveId, ...message }));
  await person.page.evaluate((params) => window.probe.sendAll('message.send', params), all);
}

step('Host and viewer write, and read each other in the same order', async () => {
  await host.goLive(server.address, 'Sunday kitchen');
  await vera.watch(server.address, 'Sunday kitchen');
  await inputOf(vera).waitFor();
  await host.page.getByText('No messages yet').waitFor();
  await write(host, 'Welcome, everybody! Today: dumplings from scratch.');
  await reads(vera, 'dumplings from scratch');
  await write(vera, 'Hi Hanna! Which flour do you take?');
  await reads(host, 'Which flour');
  await write(host, 'Plain wheat flour, the kind you have at home.');
  await write(vera, 'Great, that I have 🙂');
  await reads(host, 'that I have');
  await reads(vera, 'the kind you have');
  assert.deepEqual(await textsOf(vera), await textsOf(host));
  assert.equal(await linesOf(vera).first().getByText('Host', { exact: true }).count(), 1);
  assert.equal(await inputOf(vera).inputValue(), '');
});

step('Who comes late reads what was written before; what applications tell each other is not shown', async () => {
  await sendAll(vera, [{ kind: 'custom', customType: 'rose', data: '{"count":3}' }]);
  await write(vera, 'And how long do they rest?');
  await lars.watch(server.address, 'Sunday kitchen');
  await reads(lars, 'how long do they rest');
  assert.deepEqual(await textsOf(lars), await textsOf(vera));
  assert.equal(await linesOf(lars).count(), 5);
  await write(lars, 'Good evening from Malmö!');
  await reads(host, 'from Malmö');
  await host.screenshot('chat-desktop-host');
  await vera.screenshot('chat-phone-viewer');
  await lars.screenshot('chat-desktop-viewer');
});

step('Who writes too fast is told to wait, and keeps what they wrote', async () => {
  const words = Array.from({ length: 2 * burst }, (_, index) => ({ kind: 'text', text: `Dumpling ${index + 1}` }));
  await inputOf(vera).fill('Save one for me');
  // The page's own message follows the others at once: no time in which it would be allowed again.
  await vera.page.evaluate(
    (params) => {
      window.probe.sendAll('message.send', params);
      document.querySelector<HTMLElement>('[data-testid="chat-send"]')?.click();
    },
    words.map((word) => ({ roomId: host.liveId, ...word })),
  );
  await vera.page.getByTestId('chat-refusal').filter({ hasText: 'Send it again in' }).waitFor();
  assert.equal(await inputOf(vera).inputValue(), 'Save one for me');
  await vera.screenshot('chat-too-fast-phone');
  await vera.page.waitForFunction(() => {
    const isKept = document.querySelector<HTMLTextAreaElement>('[data-testid="chat-input"]')?.value !== '';
    const send = document.querySelector<HTMLElement>('[data-testid="chat-send"]');
    if (isKept && send?.ariaBusy === 'false') {
      send.click();
    }
    return !isKept;
  }, undefined, { polling: 300 });
  await reads(host, 'Save one for me');
});

step('Who reads further up is not moved, and is told of what is new', async () => {
  const list = host.page.getByTestId('chat-lines');
  await list.evaluate((element) => element.scrollTo({ top: 0 }));
  const latest = host.page.getByTestId('new-messages');
  await latest.filter({ hasText: 'To the latest' }).waitFor();
  await write(lars, 'Do they freeze well?');
  await latest.filter({ hasText: '1 new message' }).waitFor();
  assert.equal(await list.evaluate(({ scrollTop }) => scrollTop), 0);
  await host.screenshot('chat-unread-desktop');
  await latest.click();
  await latest.waitFor({ state: 'detached' });
  await list.evaluate(({ scrollTop, scrollHeight, clientHeight }) => scrollHeight - clientHeight - scrollTop)
    .then((left) => assert.ok(left < 2, `${left} pixels are left below`));
});

step('The host turns a viewer\'s messages off, who is told and keeps what they were writing', async () => {
  await inputOf(vera).fill('One more question');
  await host.of('chat-message', 'vera').last().getByTestId('manage-author').click();
  await host.page.getByTestId('mute-messages').click();
  await vera.page.locator('[data-testid="chat-silence"][data-silence="you"]').waitFor();
  await vera.reads('Hanna turned your messages off');
  await host.page.getByTestId('allow-messages').waitFor();
  await host.screenshot('chat-muting-desktop');
  await vera.screenshot('chat-muted-phone');
  assert.equal(await inputOf(vera).count(), 0);
  assert.equal(await inputOf(lars).count(), 1);

  await host.page.getByTestId('allow-messages').click();
  await vera.reads('You can write again');
  assert.equal(await inputOf(vera).inputValue(), 'One more question');
  await host.page.keyboard.press('Escape');
});

step('The host turns messages off for everyone, still writes, and turns them on again', async () => {
  await host.page.getByTestId('silence-room').click();
  for (const viewer of [vera, lars]) {
    await viewer.page.locator('[data-testid="chat-silence"][data-silence="everyone"]').waitFor();
  }
  await write(host, 'One moment, the water boils over.');
  await reads(vera, 'the water boils over');
  await vera.screenshot('chat-off-phone');
  await lars.screenshot('chat-off-desktop');
  await host.page.getByTestId('silence-room').click();
  for (const viewer of [vera, lars]) {
    await inputOf(viewer).waitFor();
  }
  await write(lars, 'No hurry!');
  await reads(host, 'No hurry!');
});

step('On a phone the host has the same at hand', async () => {
  await host.page.setViewportSize(phone);
  await host.page.getByTestId('open-people').waitFor();
  await write(host, 'They rest for half an hour.');
  await host.screenshot('chat-phone-host');
  await host.of('chat-message', 'lars').last().getByTestId('manage-author').click();
  await host.page.getByTestId('member-sheet').waitFor();
  await host.screenshot('chat-member-phone');
  await host.page.keyboard.press('Escape');
});

step('No page had trouble on the way', async () => {
  for (const person of people()) {
    assert.deepEqual(person.troubles, [], `troubles of ${person.userId}`);
  }
});
