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
  /** The last click. */
  clickedAt: number | null;
  /** The call that joins goes out. */
  joinedAt: number | null;
  /** The answer to an offer is there. */
  answeredAt: number | null;
  /** A way to the server is found. */
  iceConnectedAt: number | null;
  /** Its keys are agreed on. */
  connectedAt: number | null;
  firstPictureAt: number | null;
}

declare global {
  interface Window {
    watching: {
      times(): Times;
      /** Forgets the times: the live is left, and another visit begins. */
      forgetTimes(): void;
      takeGaps(): number[];
      statistics(): Promise<Statistics>;
    };
  }
}
