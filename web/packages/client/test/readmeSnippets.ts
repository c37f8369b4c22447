import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** The TypeScript of a README, in its order: of `ts` blocks, and of the script of a Vue component. */
function snippetsOf(readme: string): string[] {
  const blocks = [...readFileSync(readme, 'utf8').matchAll(/^```(ts|vue)\n([^]*?)^```/gm)];
  return blocks.map(([, language, code = '']) =>
    language === 'ts' ? code : (/<script setup lang="ts">([^]*?)<\/script>/.exec(code)?.[1] ?? ''),
  );
}

/**
 * What the compiler says against the snippets of a README, each a module of its own behind `before[its place]`: what it
 * takes for given. A call that is not there any more, or takes something else, is found here.
 */
export function errorsInReadme(readme: string, before: readonly string[]): string[] {
  const folder = dirname(readme);
  const config = ts.getParsedCommandLineOfConfigFile(join(folder, 'tsconfig.json'), {}, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (problem) => {
      throw new Error(ts.flattenDiagnosticMessageText(problem.messageText, '\n'));
    },
  });
  const options: ts.CompilerOptions = { ...config?.options, noEmit: true, noUnusedLocals: false };
  const modules = new Map(
    snippetsOf(readme).map((code, index) => [
      join(folder, 'test', `readme${index}.ts`),
      `export {};\n${before[index] ?? ''}\n${code}`,
    ]),
  );

  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => modules.has(file) || fileExists(file);
  host.readFile = (file) => modules.get(file) ?? readFile(file);
  host.getSourceFile = (file, version, ...rest) => {
    const text = modules.get(file);
    return text === undefined ? getSourceFile(file, version, ...rest) : ts.createSourceFile(file, text, version);
  };
  const program = ts.createProgram([...modules.keys()], options, host);
  return [...modules.keys()].flatMap((file) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText }) => `${file}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
  });
}
