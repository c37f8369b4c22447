import { ErrorCodes, LiveError } from '@dais/vue';
import { shortCount } from '../home/count';
import { textOfError } from '../session/errorText';

/** Why somebody may not write: nobody but hosts may, or they themselves may not. */
export type Silence = 'everyone' | 'you';

/** What stands where one would write. */
export function silenceText(silence: Silence, hostName: string): string {
  return `${hostName} has turned messages off for ${silence}.`;
}

/** Why a message was not sent; what was written is kept, so the sentence says what to do about it. */
export function refusalText(error: unknown): string {
  if (!(error instanceof LiveError)) {
    return textOfError(error);
  }
  switch (error.code) {
    case ErrorCodes.rateLimited:
      return `You are quick! Send it again ${waitText(error.retryAfterMs)}.`;
    case ErrorCodes.messageRefused:
      return `Not sent: ${error.message}`;
    default:
      return textOfError(error);
  }
}

/** What leads to the messages one has not seen. */
export function unreadText(count: number): string {
  return count === 0 ? 'To the latest' : `${shortCount(count)} new ${count === 1 ? 'message' : 'messages'}`;
}

function waitText(waitMs: number | undefined): string {
  const seconds = Math.ceil((waitMs ?? 0) / 1_000);
  return seconds <= 1 ? 'in a second' : `in ${seconds} seconds`;
}
