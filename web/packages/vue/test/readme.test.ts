// @vitest-environment node
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { errorsInReadme } from '../../client/test/readmeSnippets';

it('has a README whose code compiles', () => {
  const readme = fileURLToPath(new URL('../README.md', import.meta.url));
  expect(errorsInReadme(readme, ['', "import { useCoHostState } from '@dais/vue';"])).toEqual([]);
}, 60_000);
