import { describe, expect, it } from 'vitest';
import { classifyClose, connectionTable, retryDelayMs, transition } from '../src/connectionState.js';
import type { ConnectionEvent, ConnectionStatus } from '../src/connectionState.js';
import { mediaTable, mediaTransition } from '../src/media/mediaState.js';
import type { MediaEvent, MediaStatus } from '../src/media/mediaState.js';

/** Every status that some sequence of events leads to. */
function reachable<Status extends string>(
  table: { readonly [S in Status]: { readonly [event: string]: Status } },
  start: Status,
): Set<Status> {
  const found = new Set<Status>([start]);
  for (const status of found) {
    for (const next of Object.values<Status>(table[status])) {
      found.add(next);
    }
  }
  return found;
}

describe('The connection table', () => {
  const statuses = Object.keys(connectionTable) as ConnectionStatus[];
  const events = Object.keys(connectionTable.idle) as ConnectionEvent[];

  it('reaches every status', () => {
    expect([...reachable(connectionTable, 'idle')].sort()).toEqual([...statuses].sort());
  });

  it('knows an answer to every event in every status', () => {
    for (const status of statuses) {
      for (const event of events) {
        expect(statuses, `${status} x ${event}`).toContain(transition(status, event).status);
      }
    }
  });

  it('does nothing when the status does not change', () => {
    for (const status of statuses) {
      for (const event of events.filter((name) => connectionTable[status][name] === status)) {
        expect(transition(status, event).effects, `${status} x ${event}`).toEqual([]);
      }
    }
  });

  it('closes from every status', () => {
    expect(statuses.map((status) => transition(status, 'close').status)).toEqual(statuses.map(() => 'closed'));
  });

  it('lets go of the socket on every way out of open', () => {
    for (const event of events.filter((name) => connectionTable.open[name] !== 'open')) {
      expect(transition('open', event).effects, event).toEqual(expect.arrayContaining(['stopPings', 'discardSocket']));
    }
  });

  it('asks for the session of before where there is one, and forgets it when it is closed', () => {
    expect(transition('connecting', 'socketReopened')).toEqual({
      status: 'resuming',
      effects: ['stopDeadline', 'resumeSession', 'startDeadline'],
    });
    for (const status of statuses.filter((name) => name !== 'closed')) {
      expect(transition(status, 'close').effects, status).toContain('forgetSession');
    }
  });

  it('stops the deadline before it opens the session', () => {
    expect(transition('connecting', 'socketOpened')).toEqual({
      status: 'opening',
      effects: ['stopDeadline', 'openSession', 'startDeadline'],
    });
  });
});

describe('The media table', () => {
  const statuses = Object.keys(mediaTable) as MediaStatus[];
  const events = Object.keys(mediaTable.idle) as MediaEvent[];

  it('reaches every status', () => {
    expect([...reachable(mediaTable, 'idle')].sort()).toEqual([...statuses].sort());
  });

  it('knows an answer to every event in every status', () => {
    for (const status of statuses) {
      for (const event of events) {
        expect(statuses, `${status} x ${event}`).toContain(mediaTransition(status, event).status);
      }
    }
  });

  it('stops the timer of the status it leaves before anything else', () => {
    expect(mediaTransition('interrupted', 'timerDue')).toEqual({
      status: 'restarting',
      effects: ['stopTimer', 'restartIce', 'startDeadline'],
    });
  });

  it('stays closed whatever comes', () => {
    expect(events.map((event) => mediaTransition('closed', event).status)).toEqual(events.map(() => 'closed'));
  });
});

describe('A close code', () => {
  it.each([
    [1000, 'lost'],
    [1006, 'lost'],
    [4400, 'lost'],
    [4408, 'lost'],
    [4410, 'lost'],
    [4499, 'lost'],
    [4401, 'unauthorized'],
    [4500, 'dismissed'],
    [4501, 'dismissed'],
    [4999, 'dismissed'],
  ] as const)('of %i means %s', (code, meaning) => {
    expect(classifyClose(code)).toBe(meaning);
  });
});

describe('The delay before a retry', () => {
  it('doubles up to fifteen seconds', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 1000].map((attempt) => retryDelayMs(attempt, 1))).toEqual([
      500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000,
    ]);
  });

  it('is half chance', () => {
    expect(retryDelayMs(2, 0)).toBe(1000);
    expect(retryDelayMs(2, 0.5)).toBe(1500);
  });
});
