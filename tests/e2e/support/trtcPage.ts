import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';

const webFolder = fileURLToPath(new URL('../../../web', import.meta.url));

/** A web root for the server with the script that sets `globalThis.TRTC`, built from the sources, and pages that load it. */
export class TrtcSite {
  private constructor(readonly folder: string) {}

  static async build(): Promise<TrtcSite> {
    await promisify(execFile)('npm', ['run', 'bundle', '--workspace', 'packages/trtc'], { cwd: webFolder });
    const folder = await mkdtemp(join(tmpdir(), 'dais-trtc-'));
    await cp(join(webFolder, 'packages/trtc/dist/trtc.global.js'), join(folder, 'trtc.global.js'));
    return new TrtcSite(folder);
  }

  /** Adds a page that runs `module`. */
  async add(name: string, body: string, module = ''): Promise<void> {
    const page = `<!doctype html><title>TRTC</title><link rel="icon" href="data:,">
      <script src="/trtc.global.js"></script>
      <style>[id$="containerId"] { width: 320px; height: 240px }</style>
      ${body}<script type="module">${module}</script>`;
    await writeFile(join(this.folder, `${name}.html`), page);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

/** A page of the site, in a browser of its own. */
export class TrtcPage {
  /** What went wrong in the page without anybody asking. */
  readonly troubles: string[] = [];
  /** The first line the page writes to its console. */
  readonly firstLine: Promise<string>;

  private constructor(
    readonly page: Page,
    private readonly browser: Browser,
  ) {
    page.setDefaultTimeout(20_000);
    this.firstLine = new Promise((resolve) => {
      page.on('console', (message) => message.type() === 'log' && resolve(message.text()));
    });
    page.on('pageerror', (error) => this.troubles.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') {
        this.troubles.push(message.text());
      }
    });
  }

  /** Opens a page. `mayPlayAtOnce`: whether sound may play before anybody has touched the page. */
  static async open(address: string, name: string, mayPlayAtOnce = true): Promise<TrtcPage> {
    const browser = await chromium.launch({
      executablePath: process.env['DAIS_CHROMIUM'] ?? '/usr/bin/chromium',
      headless: true,
      args: [
        '--no-sandbox',
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        ...(mayPlayAtOnce ? ['--autoplay-policy=no-user-gesture-required'] : []),
      ],
    });
    const context = await browser.newContext({ permissions: ['camera', 'microphone'] });
    const opened = new TrtcPage(await context.newPage(), browser);
    await opened.page.goto(`${address}/${name}.html`);
    return opened;
  }

  /** Waits until the page shows more and more pictures in the video element of a container. */
  async showsMoving(containerId: string): Promise<void> {
    const framesIn = (id: string): number => {
      const video = document.querySelector<HTMLVideoElement>(`[id="${id}"] video`);
      return video === null || video.paused ? 0 : video.getVideoPlaybackQuality().totalVideoFrames;
    };
    const read = `(${framesIn.toString()})(${JSON.stringify(containerId)})`;
    const before = Number(await this.page.evaluate(read));
    await this.page.waitForFunction(`${read} >= ${before + 10}`, undefined, { polling: 50 });
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}
