// Has the declarations in dist name their modules in full, as TypeScript's node resolution wants it: './people' becomes
// './people/index.js', and './LiveView.vue' becomes './LiveView.vue.js', whose declarations stand in LiveView.vue.d.ts.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('dist', import.meta.url));

for (const name of readdirSync(dist, { recursive: true }).filter((file) => file.endsWith('.d.ts'))) {
  const file = join(dist, name);
  const inFull = (specifier) => {
    const ending = ['.js', '/index.js'].find((end) =>
      existsSync(resolve(dirname(file), specifier) + end.replace(/\.js$/, '.d.ts')),
    );
    if (ending === undefined) {
      throw new Error(`${name} imports ${specifier}, which has no declarations.`);
    }
    return specifier + ending;
  };
  const text = readFileSync(file, 'utf8');
  const changed = text.replace(
    /(from |import\()(['"])(\.{1,2}\/[^'"]*?)\2/g,
    (_, before, quote, specifier) => before + quote + (specifier.endsWith('.js') ? specifier : inFull(specifier)) + quote,
  );
  if (changed !== text) {
    writeFileSync(file, changed);
  }
}
