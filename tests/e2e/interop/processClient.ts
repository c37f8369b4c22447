import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Client, Figures } from './client.js';

const callTimeoutMs = 60_000;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** A client in a process of its own that takes commands as lines of JSON: a crash of it is its own. */
export class ProcessClient implements Client {
  private readonly waiting = new Map<number, Waiting>();
  private readonly process: ChildProcess;
  private errors = '';
  private lastId = 0;

  constructor(program: string, args: string[]) {
    this.process = spawn(program, args, { cwd: fileURLToPath(new URL('.', import.meta.url)), stdio: ['pipe', 'pipe', 'pipe'] });
    createInterface({ input: this.process.stdout! }).on('line', (line) => this.handle(line));
    this.process.stderr!.on('data', (chunk: Buffer) => {
      this.errors = (this.errors + chunk.toString()).slice(-4_000);
    });
    this.process.once('error', (error) => this.fail(error.message));
    this.process.once('exit', (code) => this.fail(`ended with ${code}`));
    this.process.stdin!.on('error', () => undefined);
  }

  async publish(url: string): Promise<void> {
    await this.call('publish', url);
  }

  async watch(url: string): Promise<void> {
    await this.call('watch', url);
  }

  async figures(): Promise<Figures> {
    return (await this.call('figures')) as Figures;
  }

  async stop(): Promise<void> {
    await this.call('stop');
  }

  async close(): Promise<void> {
    const exited = new Promise((resolve) => (this.process.exitCode === null ? this.process.once('exit', resolve) : resolve(null)));
    this.process.stdin!.end();
    const timer = setTimeout(() => this.process.kill('SIGKILL'), 3_000);
    await exited;
    clearTimeout(timer);
  }

  private call(name: string, url?: string): Promise<unknown> {
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.settle(id)?.reject(new Error(`no answer to ${name}\n${this.errors}`)), callTimeoutMs);
      const cleared = (done: (value: never) => void) => (value: never): void => {
        clearTimeout(timer);
        done(value);
      };
      this.waiting.set(id, { resolve: cleared(resolve as (value: never) => void) as Waiting['resolve'], reject: cleared(reject as (value: never) => void) as Waiting['reject'] });
      this.process.stdin!.write(`${JSON.stringify({ id, do: name, url })}\n`);
    });
  }

  private handle(line: string): void {
    if (!line.startsWith('{')) {
      return;
    }
    const message = JSON.parse(line) as { id: number; ok?: unknown; error?: string };
    const waiting = this.settle(message.id);
    if (message.error === undefined) {
      waiting?.resolve(message.ok);
    } else {
      waiting?.reject(new Error(message.error));
    }
  }

  private settle(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    return waiting;
  }

  private fail(why: string): void {
    for (const id of [...this.waiting.keys()]) {
      this.settle(id)?.reject(new Error(`${why}\n${this.errors}`));
    }
  }
}
