import { CloseCodes } from './protocol.gen.js';

/**
 * The life of a connection as one table: status x event -> next status.
 * What is to be done belongs to entering and leaving a status, so no edge can forget it. Pure.
 */

export type ConnectionStatus =
  | 'idle'
  | 'connecting'
  /** A new session is asked for. */
  | 'opening'
  /** The session of before is asked for. */
  | 'resuming'
  | 'open'
  | 'authorizing'
  | 'waiting'
  | 'closed';

export type ConnectionEvent =
  /** The application wants a connection. */
  | 'connect'
  /** The WebSocket is open. */
  | 'socketOpened'
  /** The WebSocket is open, and there is a session to go on with. */
  | 'socketReopened'
  /** The server accepted `session.open`. */
  | 'sessionOpened'
  /** The socket closed, or went silent, in a way that calls for another try. */
  | 'lost'
  /** The server does not accept the token. */
  | 'unauthorized'
  /** The server does not want this client back. */
  | 'dismissed'
  /** A step took too long. */
  | 'deadlinePassed'
  /** The delay before the next try is over. */
  | 'retryDue'
  /** The application gave a new token. */
  | 'tokenReady'
  /** The application has no other token. */
  | 'tokenUnavailable'
  /** The application wants no connection any more. */
  | 'close';

export type ConnectionEffect =
  | 'openSocket'
  | 'discardSocket'
  | 'openSession'
  | 'resumeSession'
  | 'forgetSession'
  | 'startDeadline'
  | 'stopDeadline'
  | 'startPings'
  | 'stopPings'
  | 'startRetryTimer'
  | 'stopRetryTimer'
  | 'forgetAttempts'
  | 'fetchToken'
  | 'announceOpen'
  | 'announceClosed';

export interface Transition<Status, Effect> {
  status: Status;
  effects: readonly Effect[];
}

type Row = { readonly [E in ConnectionEvent]: ConnectionStatus };

/** A row in which nothing leads away from `status`; each status then names only what does. */
function stay(status: ConnectionStatus): Row {
  return {
    connect: status,
    socketOpened: status,
    socketReopened: status,
    sessionOpened: status,
    lost: status,
    unauthorized: status,
    dismissed: status,
    deadlinePassed: status,
    retryDue: status,
    tokenReady: status,
    tokenUnavailable: status,
    close: 'closed',
  };
}

export const connectionTable: { readonly [S in ConnectionStatus]: Row } = {
  idle: { ...stay('idle'), connect: 'connecting' },
  connecting: {
    ...stay('connecting'),
    socketOpened: 'opening',
    socketReopened: 'resuming',
    lost: 'waiting',
    unauthorized: 'authorizing',
    dismissed: 'closed',
    deadlinePassed: 'waiting',
  },
  opening: {
    ...stay('opening'),
    sessionOpened: 'open',
    lost: 'waiting',
    unauthorized: 'authorizing',
    dismissed: 'closed',
    deadlinePassed: 'waiting',
  },
  resuming: {
    ...stay('resuming'),
    sessionOpened: 'open',
    lost: 'waiting',
    unauthorized: 'authorizing',
    dismissed: 'closed',
    deadlinePassed: 'waiting',
  },
  open: { ...stay('open'), lost: 'waiting', unauthorized: 'authorizing', dismissed: 'closed' },
  // A new token is tried after the usual growing delay: one that is refused again must not make a tight loop.
  authorizing: { ...stay('authorizing'), tokenReady: 'waiting', tokenUnavailable: 'closed' },
  waiting: { ...stay('waiting'), connect: 'connecting', retryDue: 'connecting' },
  closed: { ...stay('closed'), connect: 'connecting' },
};

const onEntry: { readonly [S in ConnectionStatus]: readonly ConnectionEffect[] } = {
  idle: [],
  connecting: ['openSocket', 'startDeadline'],
  opening: ['openSession', 'startDeadline'],
  resuming: ['resumeSession', 'startDeadline'],
  open: ['forgetAttempts', 'startPings', 'announceOpen'],
  authorizing: ['discardSocket', 'fetchToken'],
  waiting: ['discardSocket', 'startRetryTimer'],
  closed: ['discardSocket', 'forgetSession', 'forgetAttempts', 'announceClosed'],
};

const onExit: { readonly [S in ConnectionStatus]: readonly ConnectionEffect[] } = {
  idle: [],
  connecting: ['stopDeadline'],
  opening: ['stopDeadline'],
  resuming: ['stopDeadline'],
  open: ['stopPings'],
  authorizing: [],
  waiting: ['stopRetryTimer'],
  closed: [],
};

/** The next status and what has to be done to be in it. An event that changes nothing has no effects. */
export function transition(
  status: ConnectionStatus,
  event: ConnectionEvent,
): Transition<ConnectionStatus, ConnectionEffect> {
  const next = connectionTable[status][event];
  return next === status ? { status, effects: [] } : { status: next, effects: [...onExit[status], ...onEntry[next]] };
}

/** What the end of a socket means: 4500-4999 is final, 4401 asks for a new token, everything else is worth a retry. */
export function classifyClose(code: number): 'lost' | 'unauthorized' | 'dismissed' {
  if (code === CloseCodes.unauthorized) {
    return 'unauthorized';
  }
  return code >= 4500 && code <= 4999 ? 'dismissed' : 'lost';
}

/** Milliseconds before try number `attempt` (from 0): doubling from 0.5 s to 15 s, the second half by chance. */
export function retryDelayMs(attempt: number, random: number): number {
  const ceilingMs = Math.min(15_000, 500 * 2 ** Math.min(attempt, 10));
  return Math.round(ceilingMs * (0.5 + random / 2));
}
