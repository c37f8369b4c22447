/** Why the camera and microphone cannot be used. */
export type DeviceProblem = 'insecure' | 'denied' | 'missing' | 'busy' | 'unknown';

/** What is wrong and what a person can do about it. */
export interface ProblemText {
  readonly title: string;
  readonly text: string;
}

const texts: Readonly<Record<DeviceProblem, ProblemText>> = {
  insecure: {
    title: 'This page cannot use your camera',
    text: 'Browsers allow camera and microphone on secure pages only. Open Dais with https, or on localhost.',
  },
  denied: {
    title: 'Camera and microphone are blocked',
    text: 'Select the icon next to the address in your browser, allow camera and microphone, then try again.',
  },
  missing: {
    title: 'No camera or microphone found',
    text: 'Connect a camera or a microphone to this device, then try again.',
  },
  busy: {
    title: 'Your camera is in use',
    text: 'Another app is using your camera or microphone. Close it, then try again.',
  },
  unknown: {
    title: 'Your camera did not start',
    text: 'Something went wrong while starting camera and microphone. Please try again.',
  },
};

/** Which problem the refusal of `getUserMedia` stands for. */
export function deviceProblemOf(error: unknown): DeviceProblem {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'unknown';
  }
}

/** The sentences that belong to a problem. */
export function describeDeviceProblem(problem: DeviceProblem): ProblemText {
  return texts[problem];
}
