import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import type { Colour } from './picture.js';

/** What a page has received of someone on stage. */
export interface Received {
  framesDecoded: number;
  audioPackets: number;
  audioEnergy: number;
  playedSamples: number;
}

/** The picture of someone as it comes. */
export interface Picture {
  frameHeight: number;
  framesDecoded: number;
}

export interface PeerFacts {
  receives: boolean;
  answerCount: number;
  state: RTCPeerConnectionState;
}

/** How often a page has negotiated: none of it grows when rooms connect. */
export interface Negotiations {
  peers: number;
  answers: number;
  subscribes: number;
  publishes: number;
  joins: number;
  sockets: number;
}

declare global {
  interface Window {
    /** Set before the probe makes peer connections: they use relays alone. */
    relayOnly?: boolean;
    probe: {
      seesAndHears(userId: string, timeoutMs: number): Promise<Received>;
      firstFrameAt(userId: string, timeoutMs: number): Promise<number>;
      cornerColour(userId: string): Colour | null;
      lastClickAt(): number;
      slotNumberOf(userId: string): number | null;
      nextNewcomerAt(userId: string, timeoutMs: number): Promise<number>;
      onSlot(number: number): Promise<Pick<Received, 'framesDecoded' | 'audioPackets'>>;
      settled(timeoutMs: number): Promise<void>;
      picture(userId: string): Promise<Picture>;
      encodings(): Promise<Record<string, { frameHeight: number; framesEncoded: number; active: boolean }>>;
      watchGaps(userId: string): void;
      longestGap(userId: string): number;
      received(userId: string): Promise<Received>;
      calls(): Record<string, number>;
      sendAll(method: string, allParams: object[]): void;
      cutSignaling(): void;
      mendSignaling(): void;
      peers(): PeerFacts[];
      mediaPaths(): Promise<MediaPathFacts[]>;
    };
  }
}

/** The way a peer connection's media takes. */
export interface MediaPathFacts {
  receives: boolean;
  /** How the browser's end is reached: itself, or a relay. */
  localType: RTCIceCandidateType;
  protocol: string;
  remoteAddress: string;
  remotePort: number;
  /** Our ICE user name fragment: another one after each restart. */
  fragment: string;
}

/** What is different about somebody's browser. */
export interface BrowserHabits {
  /** Arguments Chromium is started with besides. */
  args?: string[];
  /** Media goes over a TURN server or not at all. */
  relayOnly?: boolean;
  /** What starts Chromium, such as in a network of its own. */
  executablePath?: string;
}

export const phone = { width: 390, height: 844 };
export const desktop = { width: 1440, height: 900 };

export const chromiumPath = process.env['DAIS_CHROMIUM'] ?? '/usr/bin/chromium';

const waitTimeoutMs = 20_000;
const settleTimeoutMs = 4_000;
const screenshotFolder = fileURLToPath(new URL('../../../test-output/e2e', import.meta.url));
const probeScript = fileURLToPath(new URL('probe.js', import.meta.url));

/** A camera that sees a pattern, in any size that is asked for. */
export const anyPicture = 'any';

/** Someone in front of a browser of their own; `picture` is what their camera sees. */
export class Person {
  /** What went wrong in the page without anybody asking. */
  readonly troubles: string[] = [];
  /** How many WebSockets the page has opened. */
  socketCount = 0;

  #page: Page;

  private constructor(
    readonly userId: string,
    page: Page,
    private readonly browser: Browser,
    private readonly context: BrowserContext,
  ) {
    this.#page = page;
    this.#watch(page);
  }

  get page(): Page {
    return this.#page;
  }

  #watch(page: Page): void {
    page.on('pageerror', (error) => this.troubles.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') {
        this.troubles.push(message.text());
      }
    });
    page.on('websocket', () => (this.socketCount += 1));
    page.setDefaultTimeout(waitTimeoutMs);
  }

  static async arrive(
    userId: string,
    screen: typeof phone,
    picture?: string,
    { args = [], relayOnly = false, executablePath = chromiumPath }: BrowserHabits = {},
  ): Promise<Person> {
    const browser = await chromium.launch({
      executablePath,
      headless: true,
      args: [
        '--no-sandbox',
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        ...(picture === undefined || picture === anyPicture ? [] : [`--use-file-for-fake-video-capture=${picture}`]),
        '--autoplay-policy=no-user-gesture-required',
        ...args,
      ],
    });
    const person = await Person.#sitDown(userId, screen, browser, picture !== undefined);
    if (relayOnly) {
      await person.context.addInitScript(() => (window.relayOnly = true));
    }
    return person;
  }

  /** Somebody who only watches, in the browser of another who does: that many browsers are too much for one machine. */
  static async join(neighbour: Person, userId: string, screen: typeof phone): Promise<Person> {
    return Person.#sitDown(userId, screen, neighbour.browser, false);
  }

  static async #sitDown(userId: string, screen: typeof phone, browser: Browser, hasCamera: boolean): Promise<Person> {
    const context = await browser.newContext({
      viewport: screen,
      deviceScaleFactor: screen === phone ? 2 : 1,
      permissions: hasCamera ? ['camera', 'microphone'] : [],
    });
    await context.addInitScript({ path: probeScript });
    return new Person(userId, await context.newPage(), browser, context);
  }

  /** Opens the studio under this person's name. */
  async open(address: string): Promise<void> {
    await this.page.goto(`${address}/?userId=${this.userId}&name=${this.name}`);
  }

  /** Closes the page without a word, as a crash or a lost network does. */
  async vanish(): Promise<void> {
    await this.#page.close();
  }

  /** Opens a live in a new page, under this person's name. */
  async comeBack(address: string): Promise<void> {
    this.#page = await this.context.newPage();
    this.#watch(this.#page);
    const url = new URL(address);
    url.search = `?userId=${this.userId}&name=${this.name}`;
    await this.#page.goto(url.href);
  }

  /** Whether a short message with this text is, or comes to be, on the page. */
  async reads(text: string, timeout = waitTimeoutMs): Promise<void> {
    await this.page.getByTestId('toast').filter({ hasText: text }).first().waitFor({ timeout });
  }

  /** The tile of someone on stage. */
  tile(userId: string): Locator {
    return this.page.locator(`[data-testid="stage-tile"][data-user-id="${userId}"]`);
  }

  /** What of this test id belongs to the live of someone else. */
  ofLive(testId: string, liveId: string): Locator {
    return this.page.locator(`[data-testid="${testId}"][data-live-id="${liveId}"]`);
  }

  /** The id of the live this person is in. */
  get liveId(): string {
    return new URL(this.page.url()).pathname.split('/').at(-1) ?? '';
  }

  /** Starts a live of this title. */
  async goLive(address: string, title: string): Promise<void> {
    await this.open(address);
    await this.page.getByRole('button', { name: 'Go live' }).filter({ visible: true }).click();
    await this.page.getByTestId('live-title').fill(title);
    await this.page.getByTestId('go-live').click();
    await this.page.getByTestId('end-live').waitFor();
  }

  /** Enters a live from the list. */
  async watch(address: string, title: string): Promise<void> {
    await this.open(address);
    await this.page.getByTestId('live-card').filter({ hasText: title }).click();
  }

  /** What of this test id belongs to someone. */
  of(testId: string, userId: string): Locator {
    return this.page.locator(`[data-testid="${testId}"][data-user-id="${userId}"]`);
  }

  get name(): string {
    return this.userId.charAt(0).toUpperCase() + this.userId.slice(1);
  }

  async leave(): Promise<void> {
    await this.context.close();
    if (this.browser.contexts().length === 0) {
      await this.browser.close();
    }
  }

  async screenshot(name: string): Promise<void> {
    await mkdir(screenshotFolder, { recursive: true });
    await this.page.evaluate((timeoutMs) => window.probe.settled(timeoutMs), settleTimeoutMs).catch(() => undefined);
    await this.page.screenshot({ path: join(screenshotFolder, `${name}.png`) });
  }

  /** Every negotiation this page has had a part in, of its own and as asked of the server. */
  async negotiations(): Promise<Negotiations> {
    const [peers, calls] = await Promise.all([this.peers(), this.page.evaluate(() => window.probe.calls())]);
    return {
      peers: peers.length,
      answers: peers.reduce((sum, { answerCount }) => sum + answerCount, 0),
      subscribes: calls['media.subscribe'] ?? 0,
      publishes: calls['media.publish'] ?? 0,
      joins: (calls['room.join'] ?? 0) + (calls['room.start'] ?? 0),
      sockets: this.socketCount,
    };
  }

  peers(): Promise<PeerFacts[]> {
    return this.page.evaluate(() => window.probe.peers());
  }

  /** The ways the media of this page takes. */
  mediaPaths(): Promise<MediaPathFacts[]> {
    return this.page.evaluate(() => window.probe.mediaPaths());
  }

  /** Tells the page that its network is another one: it restarts ICE on every path. */
  async changeNetwork(): Promise<void> {
    await this.page.evaluate(() => window.dispatchEvent(new Event('online')));
  }

  /** Waits until this page has decoded more pictures and heard more sound of someone than it has now. */
  seesAndHears(userId: string): Promise<Received> {
    return this.page.evaluate(([id, timeoutMs]) => window.probe.seesAndHears(id, timeoutMs), [
      userId,
      waitTimeoutMs,
    ] as const);
  }

  /** Waits until the picture of someone shows a wall of this colour. */
  async seesWall(userId: string, wall: Colour): Promise<Colour> {
    const seen = await this.page.waitForFunction(
      ([id, colour]) => {
        const found = window.probe.cornerColour(id);
        return found !== null && found.every((part, index) => Math.abs(part - (colour[index] ?? 0)) < 40) && found;
      },
      [userId, wall] as const,
      { polling: 100 },
    );
    return (await seen.jsonValue()) as Colour;
  }
}
