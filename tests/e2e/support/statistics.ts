import { fileURLToPath } from 'node:url';

/** What a page of somebody who watches is given before it loads; see there. */
export const watchingScript = fileURLToPath(new URL('watching.js', import.meta.url));

/** What the page counts. */
export type Statistics = Record<
  | 'framesDecoded'
  | 'framesDropped'
  | 'keyFramesDecoded'
  | 'frameHeight'
  | 'freezeCount'
  | 'totalFreezesDuration'
  | 'nackCount'
  | 'pliCount'
  | 'retransmittedPacketsReceived'
  | 'packetsReceived'
  | 'packetsLost'
  | 'bytesReceived'
  | 'jitterBufferDelay'
  | 'jitterBufferEmittedCount'
  | 'soundPacketsReceived'
  | 'soundPacketsLost'
  | 'concealedSamples'
  | 'silentConcealedSamples'
  | 'concealmentEvents'
  | 'totalSamplesReceived'
  | 'roundTripMs',
  number
>;

/** When something first happened, on the page's clock in milliseconds; null until it does. */
export interface Times {
  joinedAt: number | null;
  connectedAt: number | null;
  firstPictureAt: number | null;
}

declare global {
  interface Window {
    watching: { times(): Times; takeGaps(): number[]; statistics(): Promise<Statistics> };
  }
}
