import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { errorsInReadme } from './readmeSnippets.js';

it('has a README whose code compiles', () => {
  const readme = fileURLToPath(new URL('../README.md', import.meta.url));
  const before = ['', "import type { Room } from '@dais/client';\ndeclare const room: Room;"];
  expect(errorsInReadme(readme, before)).toEqual([]);
}, 60_000);
