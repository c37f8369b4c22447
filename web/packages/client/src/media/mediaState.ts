import type { Transition } from '../connectionState.js';

/**
 * The life of one media path (a peer connection and its successors) as a table: status x event -> next status.
 * A path that breaks gets one ICE restart, as soon as the server can be reached; when that does not help, a new peer
 * connection. Pure.
 */

export type MediaStatus =
  /** Nothing was negotiated yet. */
  | 'idle'
  /** The first offer is on its way. */
  | 'negotiating'
  /** The answer is set, the path is not up yet. */
  | 'connecting'
  | 'connected'
  /** The path went silent; browsers often recover by themselves. */
  | 'interrupted'
  /** One ICE restart is on its way. */
  | 'restarting'
  /** The path may be broken, and the server cannot be told before the signalling is back. */
  | 'stranded'
  /** A new peer connection takes the place of the old one. */
  | 'replacing'
  /** Waits before another new peer connection. */
  | 'waiting'
  | 'closed';

export type MediaEvent =
  /** The application wants media; later: it wants the whole path anew, as after a lost session. */
  | 'start'
  | 'answered'
  /** The offer was refused, or its answer could not be used. */
  | 'refused'
  /** The offer did not get to the server, or its answer did not get back. */
  | 'unreachable'
  | MediaOccasion
  | 'connected'
  | 'disconnected'
  | 'failed'
  | 'timerDue'
  | 'close';

/** What makes it worth trying at once. */
export type MediaOccasion =
  /** The server can be reached again. */
  | 'signalingBack'
  /** The network is another one; so the path may be dead, even if it does not seem so yet. */
  | 'networkChanged';

export type MediaEffect =
  | 'createPeer'
  | 'discardPeer'
  | 'negotiate'
  | 'restartIce'
  | 'startPatienceTimer'
  | 'startDeadline'
  | 'startRetryTimer'
  | 'stopTimer'
  | 'forgetAttempts';

type Row = { readonly [E in MediaEvent]: MediaStatus };

function stay(status: MediaStatus): Row {
  return {
    start: 'negotiating',
    answered: status,
    refused: status,
    unreachable: status,
    signalingBack: status,
    networkChanged: status,
    connected: status,
    disconnected: status,
    failed: status,
    timerDue: status,
    close: 'closed',
  };
}

export const mediaTable: { readonly [S in MediaStatus]: Row } = {
  idle: stay('idle'),
  // The first offer's refusal is the caller's to handle: it has the error.
  negotiating: {
    ...stay('negotiating'),
    answered: 'connecting',
    refused: 'idle',
    unreachable: 'idle',
    connected: 'connected',
  },
  connecting: {
    ...stay('connecting'),
    connected: 'connected',
    failed: 'restarting',
    timerDue: 'restarting',
    networkChanged: 'restarting',
  },
  connected: {
    ...stay('connected'),
    disconnected: 'interrupted',
    failed: 'restarting',
    networkChanged: 'restarting',
  },
  interrupted: {
    ...stay('interrupted'),
    connected: 'connected',
    failed: 'restarting',
    timerDue: 'restarting',
    signalingBack: 'restarting',
    networkChanged: 'restarting',
  },
  restarting: {
    ...stay('restarting'),
    connected: 'connected',
    refused: 'replacing',
    unreachable: 'stranded',
    failed: 'replacing',
    timerDue: 'replacing',
  },
  stranded: { ...stay('stranded'), connected: 'connected', signalingBack: 'restarting' },
  replacing: {
    ...stay('replacing'),
    connected: 'connected',
    refused: 'waiting',
    unreachable: 'waiting',
    failed: 'waiting',
    timerDue: 'waiting',
  },
  waiting: { ...stay('waiting'), timerDue: 'replacing', signalingBack: 'replacing', networkChanged: 'replacing' },
  closed: { ...stay('closed'), start: 'closed' },
};

const onEntry: { readonly [S in MediaStatus]: readonly MediaEffect[] } = {
  idle: ['discardPeer'],
  negotiating: ['createPeer', 'negotiate'],
  connecting: ['startDeadline'],
  connected: ['forgetAttempts'],
  interrupted: ['startPatienceTimer'],
  restarting: ['restartIce', 'startDeadline'],
  stranded: [],
  replacing: ['createPeer', 'negotiate', 'startDeadline'],
  waiting: ['discardPeer', 'startRetryTimer'],
  closed: ['discardPeer'],
};

/** The next status and what has to be done to be in it. An event that changes nothing has no effects. */
export function mediaTransition(status: MediaStatus, event: MediaEvent): Transition<MediaStatus, MediaEffect> {
  const next = mediaTable[status][event];
  return next === status ? { status, effects: [] } : { status: next, effects: ['stopTimer', ...onEntry[next]] };
}
