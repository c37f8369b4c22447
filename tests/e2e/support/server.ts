import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const projectFolder = fileURLToPath(new URL('../../../src/Dais.Server', import.meta.url));
const startTimeoutMs = 60_000;

export interface RunningServer {
  /** Where the server said it listens. */
  readonly address: string;
  /** Everything the server printed so far. */
  log(): string;
  stop(): Promise<void>;
}

/** Where the built server lies: what `DAIS_SERVER_DLL` says, else the project's newest kind of build. */
function serverDll(): string {
  const candidates = [
    process.env['DAIS_SERVER_DLL'],
    join(projectFolder, 'bin/Release/net10.0/Dais.Server.dll'),
    join(projectFolder, 'bin/Debug/net10.0/Dais.Server.dll'),
  ];
  const found = candidates.find((path) => path !== undefined && existsSync(path));
  if (found === undefined) {
    throw new Error('Build the server first: dotnet build src/Dais.Server');
  }
  return found;
}

/**
 * Starts the real server on free ports with further settings, and waits until it says where it listens. `before` is what its command begins with,
 * such as for another network.
 */
export async function startServer(settings: Record<string, string> = {}, before: readonly string[] = []): Promise<RunningServer> {
  // The pages are in the project's wwwroot.
  const [program, ...rest] = [...before, 'dotnet', serverDll()];
  const server = spawn(program!, rest, {
    cwd: projectFolder,
    env: {
      ...process.env,
      ASPNETCORE_ENVIRONMENT: 'Development',
      ASPNETCORE_URLS: 'http://127.0.0.1:0',
      Dais__Media__Port: '0',
      Dais__Storage__Durability: 'memory',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  let log = '';
  const address = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => fail('The server did not say where it listens.'), startTimeoutMs);
    const fail = (why: string): void => {
      clearTimeout(timer);
      reject(new Error(`${why}\n${log}`));
    };
    const read = (chunk: Buffer): void => {
      log += chunk.toString();
      const found = /https?:\/\/127\.0\.0\.1:[1-9]\d*/.exec(log);
      if (found !== null) {
        clearTimeout(timer);
        resolve(found[0]);
      }
    };
    server.stdout.on('data', read);
    server.stderr.on('data', read);
    server.once('exit', (code) => fail(`The server ended with ${code}.`));
    server.once('error', (error) => fail(error.message));
  });
  return {
    address,
    log: () => log,
    stop: async () => {
      server.kill('SIGTERM');
      const killTimer = setTimeout(() => server.kill('SIGKILL'), 10_000);
      await exited;
      clearTimeout(killTimer);
    },
  };
}
