import type { Person } from './person.js';
import type { Times } from './statistics.js';

/** How a live is entered from the list: with nothing ahead, or after its card was pointed at for a moment. */
export type Entry = 'cold' | 'prepared';

/** What happens between a click and a picture, in the order in which it does. */
export const phases = ['joinedAt', 'answeredAt', 'iceConnectedAt', 'connectedAt', 'pictureReceivedAt', 'firstPictureAt'] as const;

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
