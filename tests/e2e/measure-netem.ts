import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeBusyPicture } from './support/busyPicture.js';
import type { Conditions } from './support/lossyPath.js';
import { Network } from './support/network.js';
import { Person, desktop } from './support/person.js';
import { quantile } from './support/quantile.js';
import { startServer } from './support/server.js';
import type { RunningServer } from './support/server.js';
import { watchingScript } from './support/statistics.js';
import type { Statistics, Times } from './support/statistics.js';
import { trustThePath } from './support/trustThePath.js';

/**
 * What a viewer in a network of their own sees and hears when it loses, and when it becomes narrow: a host in one Chromium
 * beside the server, a viewer in another inside a network namespace. Prints what the browser's statistics say in each
 * phase, then second by second. Needs root and iproute2.
 */

interface Phase extends Conditions {
  name: string;
  seconds: number;
}

const { values: options } = parseArgs({
  options: {
    loss: { type: 'string', default: '5' },
    'round-trip': { type: 'string', default: '60' },
    seconds: { type: 'string', default: '60' },
    joins: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    /** Leaves out the phases in which the way is narrow. */
    'loss-only': { type: 'boolean', default: false },
    /** What the camera gives: a small picture leaves the machine room for all of a second's pictures. */
    height: { type: 'string', default: '720' },
    'pictures-per-second': { type: 'string', default: '15' },
    /** Leaves out the phases in which the way is lossy. */
    'rate-only': { type: 'boolean', default: false },
  },
});
const seconds = Number(options.seconds);
const roundTripMs = Number(options['round-trip']);
const lossy: Conditions = { roundTripMs, loss: Number(options.loss) / 100 };
const lossPhases: Phase[] = [
  { name: 'nothing in the way', seconds: 15, roundTripMs: 0, loss: 0 },
  // What the machine does by itself, for as long as what the way does.
  { name: `${roundTripMs} ms, nothing lost`, seconds, roundTripMs, loss: 0 },
  { name: `${roundTripMs} ms, ${options.loss} % lost each way`, seconds, ...lossy },
];
const ratePhases: Phase[] = [
  { name: `${roundTripMs} ms, 3 Mbit/s`, seconds: 20, roundTripMs, loss: 0, bitsPerSecond: 3e6 },
  { name: `${roundTripMs} ms, 1 Mbit/s`, seconds: 20, roundTripMs, loss: 0, bitsPerSecond: 1e6 },
  { name: `${roundTripMs} ms, 3 Mbit/s again`, seconds: 20, roundTripMs, loss: 0, bitsPerSecond: 3e6 },
];
const phases = [...(options['rate-only'] ? [] : lossPhases), ...(options['loss-only'] ? [] : ratePhases)];
const joins = Number(options.joins);
const settleMs = 5_000;
const firstPictureTimeoutMs = 20_000;
const freezeMs = 200;
const gapSteps = [100, 150, 200, 250, 300];
/** Counters of the server that tell what it did about losses. */
const serverCounters = [
  'dais_media_retransmitted_packets_total',
  'dais_media_retransmissions_refused_total',
  'dais_media_keyframe_requests_received_total',
  'dais_media_keyframe_requests_sent_total',
] as const;

const folder = await mkdtemp(join(tmpdir(), 'dais-measure-'));
const people: Person[] = [];
let server: RunningServer | undefined;
const network = await Network.make(folder, Number(options.seed));
process.on('exit', () => {
  void server?.stop();
  network.remove();
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit(1));
}

async function countersOf(address: string): Promise<number[]> {
  const text = await (await fetch(`${address}/metrics`)).text();
  return serverCounters.map((name) =>
    text
      .split('\n')
      .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0),
  );
}

/** What the server believes to pass to the viewer; null while it does not know. */
async function estimateOf(address: string): Promise<number | null> {
  const text = await (await fetch(`${address}/metrics`)).text();
  const line = text.split('\n').find((line) => line.startsWith('dais_media_estimate_bits_per_second{'));
  return line === undefined ? null : Math.round(Number(line.split(' ').at(-1)) / 1_000);
}

const statisticsOf = (viewer: Person): Promise<Statistics> => viewer.page.evaluate(() => window.watching.statistics());

/** What happened in one second. */
interface Second {
  frames: number;
  height: number;
  kbitPerSecond: number;
  sentKbitPerSecond: number;
  longestGapMs: number;
  queueMs: number | null;
  estimate: number | null;
}

/** Lets a phase pass; gives its row of the table and its seconds. */
async function pass(viewer: Person, address: string, phase: Phase): Promise<{ row: string; seconds: Second[] }> {
  await viewer.page.evaluate(() => window.watching.takeGaps());
  network.takeCarried();
  const [first, countersBefore] = [await statisticsOf(viewer), await countersOf(address)];
  network.set(phase);
  const passed: Second[] = [];
  const gaps: number[] = [];
  let before = first;
  let beforeAt = performance.now();
  let openGapMs = 0;
  for (let second = 0; second < phase.seconds; second++) {
    await viewer.page.waitForTimeout(Math.max(0, beforeAt + 1_000 - performance.now()));
    const taken = await viewer.page.evaluate(() => window.watching.takeGaps());
    const now = await statisticsOf(viewer);
    const nowAt = performance.now();
    const carried = network.takeCarried();
    const perSecond = 1_000 / (nowAt - beforeAt);
    openGapMs = taken.pop() ?? 0;
    gaps.push(...taken);
    passed.push({
      frames: now.framesDecoded - before.framesDecoded,
      height: now.frameHeight,
      kbitPerSecond: Math.round(((now.bytesReceived - before.bytesReceived) * 8 * perSecond) / 1_000),
      sentKbitPerSecond: Math.round((carried.bytes * 8 * perSecond) / 1_000),
      longestGapMs: Math.round(Math.max(0, openGapMs, ...taken)),
      queueMs: carried.longestQueueMs === null ? null : Math.round(carried.longestQueueMs),
      estimate: await estimateOf(address),
    });
    [before, beforeAt] = [now, nowAt];
  }
  gaps.push(openGapMs);
  const counters = (await countersOf(address)).map((count, index) => count - (countersBefore[index] ?? 0));
  return { row: rowOf(phase, first, before, gaps, passed, counters), seconds: passed };
}

function rowOf(
  phase: Phase,
  first: Statistics,
  last: Statistics,
  gaps: number[],
  passed: Second[],
  counters: number[],
): string {
  const grown = (name: keyof Statistics): number => last[name] - first[name];
  const part = (of: number, all: number): string => `${all === 0 ? 0 : ((100 * of) / all).toFixed(2)} %`;
  const heights = [...new Set(passed.map(({ height }) => height))];
  const queues = passed.flatMap(({ queueMs }) => (queueMs === null ? [] : [queueMs]));
  const cells = [
    phase.name,
    phase.seconds,
    grown('framesDecoded'),
    grown('freezeCount'),
    Math.round(grown('totalFreezesDuration') * 1_000),
    Math.round(Math.max(...gaps)),
    gaps.filter((gap) => gap > freezeMs).length,
    gapSteps.map((step) => gaps.filter((gap) => gap > step).length).join(' / '),
    `${grown('packetsLost')} of ${grown('packetsReceived') + grown('packetsLost')}`,
    grown('nackCount'),
    grown('retransmittedPacketsReceived'),
    grown('pliCount'),
    grown('keyFramesDecoded'),
    part(grown('concealedSamples'), grown('totalSamplesReceived')),
    part(grown('concealedSamples') - grown('silentConcealedSamples'), grown('totalSamplesReceived')),
    grown('concealmentEvents'),
    Math.round((grown('jitterBufferDelay') * 1_000) / Math.max(1, grown('jitterBufferEmittedCount'))),
    queues.length === 0 ? 'not known' : Math.max(...queues),
    heights.join(', '),
    ...counters,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Opens the live anew; how long it takes from the call that joins, and from a path for media, to the first picture. */
async function enter(viewer: Person, live: string): Promise<{ sinceJoin: number; sinceConnected: number }> {
  await viewer.page.goto(live);
  const seen = await viewer.page.waitForFunction(
    () => {
      const times = window.watching.times();
      return times.firstPictureAt !== null && times;
    },
    undefined,
    { polling: 50, timeout: firstPictureTimeoutMs },
  );
  const { joinedAt, connectedAt, firstPictureAt } = (await seen.jsonValue()) as Times;
  return {
    sinceJoin: Math.round((firstPictureAt ?? 0) - (joinedAt ?? 0)),
    sinceConnected: Math.round((firstPictureAt ?? 0) - (connectedAt ?? 0)),
  };
}

try {
  const picture = join(folder, 'busy.y4m');
  await writeBusyPicture(picture, Number(options.height), Number(options['pictures-per-second']));
  server = await startServer(network.serverSettings);
  const inside = await network.openTo(server.address);
  const host = await Person.arrive('hanna', desktop, picture);
  people.push(host);
  await host.page.addInitScript({ content: trustThePath });
  await host.goLive(server.address, 'Through a network');
  const viewer = await Person.arrive('vera', desktop, undefined, {
    executablePath: network.executablePath,
    args: [`--unsafely-treat-insecure-origin-as-secure=${inside}`],
  });
  people.push(viewer);
  await viewer.page.addInitScript({ path: watchingScript });
  const live = `${inside}/live/${host.liveId}?userId=vera&name=Vera`;

  console.log(
    network.hasNetem
      ? 'tc netem on both ends of the way.'
      : `This kernel has no netem: a forwarder of datagrams loses and delays them instead (seed ${options.seed}); TCP is only delayed.`,
  );
  network.set({ roundTripMs: 0, loss: 0 });
  await enter(viewer, live);
  await viewer.page.waitForTimeout(settleMs);
  const passed: { phase: Phase; row: string; seconds: Second[] }[] = [];
  for (const phase of phases) {
    passed.push({ phase, ...(await pass(viewer, server.address, phase)) });
    console.error(passed.at(-1)?.row);
  }

  network.set(lossy);
  const times: { sinceJoin: number; sinceConnected: number }[] = [];
  for (let run = 0; run < joins; run++) {
    times.push(await enter(viewer, live));
  }

  const columns = [
    'phase',
    'seconds',
    'frames decoded',
    'freezes',
    'frozen ms',
    'longest gap ms',
    `gaps over ${freezeMs} ms`,
    `gaps over ${gapSteps.join(' / ')} ms`,
    'packets lost',
    'NACKs',
    'retransmitted received',
    'PLIs',
    'keyframes',
    'sound concealed',
    'of it heard',
    'concealments',
    'jitter buffer ms',
    'longest queue ms',
    'heights',
    ...serverCounters.map((name) => name.replace('dais_media_', '').replace('_total', '')),
  ];
  console.log(`| ${columns.join(' | ')} |\n|${columns.map(() => '---').join('|')}|`);
  passed.forEach(({ row }) => console.log(row));
  for (const [what, of] of [
    ['the call that joins', times.map(({ sinceJoin }) => sinceJoin)],
    ['a connected transport', times.map(({ sinceConnected }) => sinceConnected)],
  ] as const) {
    if (of.length > 0) {
      const [p50, most] = [quantile(of, 0.5), Math.max(...of)];
      console.log(`First picture after ${what}, lossy way, ${of.length} times: p50 ${p50} ms, most ${most} ms (${of.join(', ')}).`);
    }
  }
  for (const { phase, seconds: each } of passed) {
    console.log(`\n${phase.name}, second by second: frames, height, kbit/s of pictures received, kbit/s sent, longest gap ms, queue ms, estimate in kbit/s`);
    each.forEach((second, index) =>
      console.log(
        `${index + 1}: ${second.frames}, ${second.height}, ${second.kbitPerSecond}, ${second.sentKbitPerSecond}, ` +
          `${second.longestGapMs}, ${second.queueMs ?? '-'}, ${second.estimate ?? '-'}`,
      ),
    );
  }
} finally {
  await Promise.allSettled(people.map((person) => person.leave()));
  await server?.stop();
  network.remove();
  await rm(folder, { recursive: true, force: true });
}
