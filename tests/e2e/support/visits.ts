import type { Conditions } from './lossyPath.js';
import type { Person } from './person.js';
import { quantile } from './quantile.js';
import type { Times } from './statistics.js';

/** How a live is entered from the list: with nothing ahead, or after its card was pointed at for a moment. */
export type Entry = 'cold' | 'prepared';

export const entries: readonly Entry[] = ['cold', 'prepared'];

/** What happens between a click and a picture, in the order in which it does. */
export const phases = ['joinedAt', 'answeredAt', 'iceConnectedAt', 'connectedAt', 'firstPictureAt'] as const;

/** When everything of a visit happened, in milliseconds after the click; what came before it is negative. */
export type Visit = { readonly [P in (typeof phases)[number]]: number };

const timeoutMs = 20_000;

/**
 * Opens the live of this title from the list, which somebody with the watching script has before them, and goes back to the list
 * once a picture is shown.
 */
export async function visit(viewer: Person, title: string, entry: Entry): Promise<Visit> {
  const { page } = viewer;
  const card = page.getByTestId('live-card').filter({ hasText: title });
  await card.waitFor();
  await page.evaluate(() => window.watching.forgetTimes());
  if (entry === 'prepared') {
    await card.hover();
    await page.waitForFunction(() => window.watching.times().connectedAt !== null, undefined, { polling: 20, timeout: timeoutMs });
    await card.click();
  } else {
    // No pointer and no focus, which would be a sign.
    await card.dispatchEvent('click');
  }
  const seen = await page.waitForFunction(
    () => {
      const times = window.watching.times();
      return times.firstPictureAt !== null && times;
    },
    undefined,
    { polling: 20, timeout: timeoutMs },
  );
  const times = (await seen.jsonValue()) as Times;
  // The list comes up under the pointer otherwise, which would be a sign.
  await page.mouse.move(0, 0);
  await page.goBack();
  await card.waitFor();
  if ((entry === 'cold') !== ((times.answeredAt ?? 0) > (times.clickedAt ?? 0))) {
    throw new Error(`A ${entry} visit was none: ${JSON.stringify(times)}`);
  }
  return Object.fromEntries(
    phases.map((phase) => [phase, Math.round((times[phase] ?? 0) - (times.clickedAt ?? 0))]),
  ) as unknown as Visit;
}

/** Lets what the last visit left come to an end; each waits a different while, to meet no rhythm. */
const pauseMs = (run: number): number => 500 + ((run * 137) % 700);

/** Visits a live several times over a way, by turns cold and prepared. */
export async function visitOften(viewer: Person, title: string, runs: number): Promise<Record<Entry, Visit[]>> {
  const visits: Record<Entry, Visit[]> = { cold: [], prepared: [] };
  for (let run = 0; run < runs; run++) {
    for (const entry of entries) {
      await viewer.page.waitForTimeout(pauseMs(run));
      visits[entry].push(await visit(viewer, title, entry));
    }
  }
  return visits;
}

/** The head of a table of visits: medians in milliseconds after the click; `p90`, `least` and `most` are of the first picture. */
export function visitsHead(): string {
  const columns = ['way', ...phases.map((phase) => phase.replace(/At$/, '')), 'p90', 'least', 'most'];
  return `| ${columns.join(' | ')} |\n|${columns.map(() => '---').join('|')}|`;
}

/** A row of that table for visits of one kind over one way. */
export function visitsRow({ roundTripMs, loss }: Conditions, entry: Entry, visits: readonly Visit[]): string {
  const at = (phase: (typeof phases)[number], share: number): number =>
    Math.round(quantile(visits.map((each) => each[phase]), share));
  const pictures = visits.map(({ firstPictureAt }) => firstPictureAt);
  return `| ${[
    `${roundTripMs} ms, ${loss * 100} % lost, ${entry}`,
    ...phases.map((phase) => at(phase, 0.5)),
    at('firstPictureAt', 0.9),
    Math.min(...pictures),
    Math.max(...pictures),
  ].join(' | ')} |`;
}
