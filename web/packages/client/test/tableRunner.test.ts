import { expect, it } from 'vitest';
import { TableRunner } from '../src/tableRunner.js';

type Status = 'a' | 'b' | 'c';

function step(status: Status): { status: Status; effects: string[] } {
  const next = ({ a: 'b', b: 'c', c: 'c' } as const)[status];
  return { status: next, effects: next === status ? [] : [`enter ${next}`, `work in ${next}`] };
}

it('Carries out all effects of one event before it handles the next', () => {
  const performed: string[] = [];
  const runner: TableRunner<Status, 'go', string> = new TableRunner('a', step, (effect) => {
    performed.push(effect);
    if (effect === 'enter b') {
      runner.send('go');
    }
  });
  runner.send('go');
  expect(performed).toEqual(['enter b', 'work in b', 'enter c', 'work in c']);
});

it('Has the new status while its effects are carried out', () => {
  const seen: Status[] = [];
  const runner: TableRunner<Status, 'go', string> = new TableRunner('a', step, () => {
    seen.push(runner.status.get());
  });
  runner.send('go');
  expect(seen).toEqual(['b', 'b']);
});

it('Queues what a status listener sends', () => {
  const statuses: Status[] = [];
  const runner: TableRunner<Status, 'go', string> = new TableRunner('a', step, () => {});
  runner.status.subscribe((status) => {
    runner.send('go');
    statuses.push(status);
  });
  runner.send('go');
  expect(statuses).toEqual(['b', 'c']);
});
