// @vitest-environment node
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { errorsInReadme } from '../../client/test/readmeSnippets.js';

it('has a README whose code compiles', () => {
  const readme = fileURLToPath(new URL('../README.md', import.meta.url));
  const before = ['declare const token: string;', "import TRTC from '@dais/trtc';\ndeclare const userSig: string;"];
  expect(errorsInReadme(readme, before)).toEqual([]);
}, 60_000);
