import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Person } from './person.js';
import type { RunningServer } from './server.js';

/** One step of a journey: what happens in it, and how to walk it. */
export type Step = (sentence: string, walk: () => Promise<void>, timeoutMs?: number) => void;

/** Steps that follow on one another. When one fails, the rest cannot mean anything and is not tried. */
export function journey(people: () => Person[], server: () => RunningServer | undefined): Step {
  let broken = false;
  return (sentence, walk, timeoutMs = 60_000) => {
    test(sentence, { timeout: timeoutMs }, async () => {
      assert.ok(!broken, 'An earlier step of the journey failed.');
      try {
        await walk();
      } catch (error) {
        broken = true;
        for (const person of people()) {
          await person?.screenshot(`failed-${person.userId}`).catch(() => undefined);
          console.error(`${person?.userId}: ${person?.troubles.join(' | ')}`);
        }
        console.error(server()?.log());
        throw error;
      }
    });
  };
}
