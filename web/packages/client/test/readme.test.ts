import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { errorsInReadme } from './readmeSnippets';

it('has a README whose code compiles', () => {
  const readme = fileURLToPath(new URL('../README.md', import.meta.url));
  expect(errorsInReadme(readme, ['', "import type { Room } from '@dais/client';\ndeclare const room: Room;"])).toEqual([]);
}, 60_000);
