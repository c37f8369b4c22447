import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Client, Figures } from './client.js';

/** Runs a function of the page with one argument; both browsers' tools have that much in common. */
export type Evaluate = <TResult>(work: (argument: string) => Promise<TResult>, argument: string) => Promise<TResult>;

interface PageState {
  open: { connection: RTCPeerConnection; session: string; tracks: MediaStreamTrack[] }[];
  watching: RTCPeerConnection | null;
}

declare global {
  interface Window {
    interop?: PageState;
  }
}

const firefoxPath = '/usr/bin/firefox-esr';
const chromiumPath = '/usr/bin/chromium';

/** A page that publishes its camera and plays in a video element. What runs in the page is self-contained. */
class BrowserClient implements Client {
  constructor(
    private readonly evaluate: Evaluate,
    private readonly end: () => Promise<void>,
  ) {}

  async publish(url: string): Promise<void> {
    await this.evaluate(async (target) => {
      const state = (window.interop ??= { open: [], watching: null });
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 320, height: 240, frameRate: 15 } });
      const connection = new RTCPeerConnection();
      for (const track of stream.getTracks()) {
        connection.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
      }
      await connection.setLocalDescription();
      const response = await fetch(target, {
        method: 'POST',
        headers: { 'Content-Type': 'application/sdp' },
        body: connection.localDescription?.sdp ?? '',
      });
      if (response.status !== 201) {
        throw new Error(`${response.status} ${await response.text()}`);
      }
      const session = new URL(response.headers.get('Location') ?? '', target).href;
      state.open.push({ connection, session, tracks: stream.getTracks() });
      await connection.setRemoteDescription({ type: 'answer', sdp: await response.text() });
    }, url);
  }

  async watch(url: string): Promise<void> {
    await this.evaluate(async (target) => {
      const state = (window.interop ??= { open: [], watching: null });
      const connection = new RTCPeerConnection();
      const stream = new MediaStream();
      const video = document.createElement('video');
      video.autoplay = true;
      video.muted = true;
      video.srcObject = stream;
      document.body.append(video);
      connection.ontrack = ({ track }) => {
        stream.addTrack(track);
        void video.play().catch(() => undefined);
      };
      connection.addTransceiver('audio', { direction: 'recvonly' });
      connection.addTransceiver('video', { direction: 'recvonly' });
      await connection.setLocalDescription();
      const response = await fetch(target, {
        method: 'POST',
        headers: { 'Content-Type': 'application/sdp' },
        body: connection.localDescription?.sdp ?? '',
      });
      if (response.status !== 201) {
        throw new Error(`${response.status} ${await response.text()}`);
      }
      const session = new URL(response.headers.get('Location') ?? '', target).href;
      state.watching = connection;
      state.open.push({ connection, session, tracks: [] });
      await connection.setRemoteDescription({ type: 'answer', sdp: await response.text() });
    }, url);
  }

  async figures(): Promise<Figures> {
    return this.evaluate(async () => {
      const state = window.interop;
      const connection = state?.watching ?? state?.open[0]?.connection;
      let videoFrames = 0;
      let audioPackets = 0;
      let srtp = '';
      (await connection?.getStats())?.forEach((entry: Record<string, unknown>) => {
        if (entry['type'] === 'inbound-rtp' && entry['kind'] === 'video') {
          videoFrames += Number(entry['framesDecoded'] ?? 0);
        } else if (entry['type'] === 'inbound-rtp' && entry['kind'] === 'audio') {
          audioPackets += Number(entry['packetsReceived'] ?? 0);
        } else if (entry['type'] === 'transport') {
          srtp = String(entry['srtpCipher'] ?? srtp);
        }
      });
      return { videoFrames, audioPackets, srtp };
    }, '');
  }

  async stop(): Promise<void> {
    await this.evaluate(async () => {
      const state = window.interop;
      for (const { connection, session, tracks } of state?.open.splice(0) ?? []) {
        await fetch(session, { method: 'DELETE' });
        tracks.forEach((track) => track.stop());
        connection.close();
      }
      document.querySelectorAll('video').forEach((video) => video.remove());
      if (state !== undefined) {
        state.watching = null;
      }
    }, '');
  }

  close(): Promise<void> {
    return this.end();
  }
}

/** A page of a browser, and how to end the browser. */
export interface BrowserPage {
  readonly evaluate: Evaluate;
  end(): Promise<void>;
}

/** What is different about a browser. */
export interface BrowserHabits {
  /** What starts it, such as in a network of its own. */
  readonly executablePath?: string;
  readonly args?: readonly string[];
}

/** Chromium with a camera of its own making; null where it is not installed. */
export async function openChromium(pageAddress: string, { executablePath = chromiumPath, args = [] }: BrowserHabits = {}): Promise<BrowserPage | null> {
  if (!existsSync(chromiumPath)) {
    return null;
  }
  const browser = await chromium.launch({
    executablePath,
    args: [
      ...args,
      '--no-sandbox',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
    ],
  });
  const page = await browser.newPage();
  await page.goto(pageAddress);
  return { evaluate: (work, argument) => page.evaluate(work, argument), end: () => browser.close() };
}

/** Firefox by WebDriver BiDi, with a camera of its own making; null where it, or what drives it, is not installed. */
export async function openFirefox(pageAddress: string): Promise<BrowserPage | null> {
  const driver = await import('puppeteer-core').catch(() => null);
  if (driver === null || !existsSync(firefoxPath)) {
    return null;
  }
  const home = await mkdtemp(join(tmpdir(), 'dais-firefox-'));
  const browser = await driver.default.launch({
    browser: 'firefox',
    executablePath: firefoxPath,
    headless: true,
    timeout: 60_000,
    protocolTimeout: 90_000,
    extraPrefsFirefox: {
      'media.navigator.streams.fake': true,
      'media.navigator.permission.disabled': true,
      'media.autoplay.default': 0,
    },
    env: { ...process.env, HOME: home },
  });
  const page = await browser.newPage();
  await page.goto(pageAddress);
  return {
    evaluate: (work, argument) => page.evaluate(work, argument),
    end: async () => {
      await browser.close();
      await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

const clientOf = (page: BrowserPage | null): Client | null => (page === null ? null : new BrowserClient(page.evaluate, page.end));

/** Chromium as a client of the matrix. */
export const startChromium = async (pageAddress: string, habits: BrowserHabits = {}): Promise<Client | null> => clientOf(await openChromium(pageAddress, habits));

/** Firefox as a client of the matrix. */
export const startFirefox = async (pageAddress: string): Promise<Client | null> => clientOf(await openFirefox(pageAddress));
