/** The longest a request can stay open, in seconds. */
const timeoutSecondsMax = 1800;

let warned = false;

/** A timeout as the server takes it. One that is surely meant in milliseconds is said once; the server refuses it. */
export function checkTimeout(timeout: number | undefined): { timeout?: number } {
  if (timeout === undefined) {
    return {};
  }
  if (timeout > timeoutSecondsMax && !warned) {
    warned = true;
    // eslint-disable-next-line no-console -- the one thing said to the developer, not to the user
    console.warn(`@dais/vue: timeouts are seconds, at most ${timeoutSecondsMax}; ${timeout} looks like milliseconds.`);
  }
  return { timeout };
}
