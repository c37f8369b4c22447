import { LiveError } from '@dais/vue';

/** What a person reads for each code a server or client may refuse with (docs/protocol.md, "Errors"). */
const sentences: Readonly<Record<number, string>> = {
  1001: 'You are not signed in. Reload the page to sign in again.',
  1002: 'Your sign-in is not valid here. Ask for a new link.',
  1003: 'Your sign-in has expired. Ask for a new link.',
  1004: 'That was a little too fast. Wait a moment and try again.',
  1005: 'That is too long. Make it shorter and try again.',
  1006: 'The server is full right now. Try again in a while.',
  1901: 'The connection was lost. Check whether it worked, then try again.',
  1902: 'The server did not answer. Try again.',
  1903: 'There is no connection right now. Try again in a moment.',
  1904: 'This live is over.',
  1905: 'Something unexpected came back. Try again.',
  1906: 'Your camera or microphone did not start. Another app may be using it.',
  1907: 'Camera and microphone are blocked. Allow them in your browser, then try again.',
  100003: 'This address is taken by someone else’s live.',
  100004: 'This live has ended, or it never started.',
  100005: 'They are not in this live any more.',
  100006: 'Only the host can do that.',
  100200: 'This place on stage is locked.',
  100201: 'Someone was faster: this place on stage is taken.',
  100203: 'You are on stage already.',
  100205: 'The stage is full right now.',
  100206: 'You are not on stage any more.',
  100008: 'This live is full right now.',
  100210: 'They are on stage already.',
  100400: 'You are not connected with anyone any more.',
  100403: 'That is not possible: one of you is live together with others.',
  100404: 'That would be too many: nine lives can be connected.',
  100600: 'This message was not let through.',
  100601: 'Messages cannot be checked right now. Try again in a moment.',
  [-2380]: 'Messages are off for everyone right now.',
  [-2381]: 'Your messages are off right now.',
  [-32602]: 'That is not possible. Reload the page and try again.',
  [-1002]: 'You are not signed in. Reload the page to sign in again.',
  [-2101]: 'You are not in this live any more.',
  [-2108]: 'You are in another live already. Leave it first.',
  [-2340]: 'There cannot be that many places on stage.',
  [-2360]: 'The host has turned your microphone off for now.',
  [-2370]: 'The host has turned your camera off for now.',
  [-2311]: 'This request is no longer open.',
  [-2344]: 'There is no such place on stage.',
};

const anything = 'Something went wrong. Please try again.';

/** The sentence that belongs to an error code. */
export function textOfCode(code: number): string {
  return sentences[code] ?? anything;
}

/** The sentence for whatever was thrown. */
export function textOfError(error: unknown): string {
  return error instanceof LiveError ? textOfCode(error.code) : anything;
}

/** Whether an error says that there is no such live room. */
export function isRoomGone(error: unknown): boolean {
  return error instanceof LiveError && error.code === 100004;
}
