import { LiveError } from '@dais/client';

/** Refusals of this package itself, with the codes that code written for comparable SDKs knows. */
const refusals = {
  notSignedIn: { code: -1002, message: 'Sign in first.' },
  notInLive: { code: -2101, message: 'This can only be done after joining a live.' },
  alreadyInOtherLive: { code: -2108, message: 'Leave the current live before joining another one.' },
  renamedInLive: { code: -2108, message: 'Name and picture cannot change while in a live.' },
} as const;

/** The error for something that cannot be asked of the server at all. */
export function refusal(name: keyof typeof refusals): LiveError {
  return new LiveError({ name, ...refusals[name] });
}

/** Runs `call`; a request that is not open any more is none to answer, so nothing happens. */
export async function unlessGone(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof LiveError) || error.name !== 'noSuchRequest') {
      throw error;
    }
  }
}
