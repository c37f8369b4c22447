/** How many were watching at a moment. */
export interface AudienceSample {
  readonly at: number;
  readonly audience: number;
}

/** The samples so far, oldest first. */
export type AudienceHistory = readonly AudienceSample[];

/** Most samples kept: more than a plot has pixels to show. */
export const samplesMax = 720;

/**
 * The history with one more sample. A full one makes one of every two samples, with the higher count: so it reaches
 * back to where it began, and a peak is never forgotten.
 */
export function withSample(history: AudienceHistory, sample: AudienceSample): AudienceHistory {
  const last = history.at(-1);
  if (last !== undefined && sample.at <= last.at) {
    return history;
  }
  return history.length < samplesMax ? [...history, sample] : [...halved(history), sample];
}

function halved(history: AudienceHistory): AudienceSample[] {
  const kept: AudienceSample[] = [];
  for (let index = 0; index < history.length; index += 2) {
    const [first, second] = [history[index], history[index + 1]];
    if (first !== undefined) {
      kept.push({ at: first.at, audience: Math.max(first.audience, second?.audience ?? 0) });
    }
  }
  return kept;
}
