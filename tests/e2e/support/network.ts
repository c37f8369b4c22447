import { spawnSync } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { createSocket } from 'node:dgram';
import { join } from 'node:path';
import { LossyPath, queueMaxMs } from './lossyPath.js';
import type { Conditions } from './lossyPath.js';
import { chromiumPath } from './person.js';
import { outsideAddress } from './turn.js';

/** What has come along since the last time somebody asked; what the kernel does not tell is null. */
export interface Carried {
  bytes: number;
  lost: number | null;
  longestQueueMs: number | null;
}

/** Addresses for measurements alone (RFC 2544). */
const here = '198.18.6.1';
const there = '198.18.6.2';
/** Nobody: a way to everywhere that leads nowhere. Without any, browsers find no address of their own. */
const nobody = '198.18.6.6';
const prefix = 29;
/** Where the server takes what a forwarder carries. */
const behindForwarder = '127.0.0.2';

/**
 * A network namespace with one way out, whose conditions can be set: by `tc netem` on both ends where the kernel has it,
 * else by a forwarder of our own. Needs root and iproute2.
 */
export class Network {
  /** The way a browser inside is started. */
  executablePath = '';
  readonly hasNetem: boolean;
  readonly mediaPort: number;
  readonly #name = `dais-measure-${process.pid}`;
  readonly #inner = `dais${process.pid}i`;
  readonly #outer = `dais${process.pid}o`;
  readonly #path: LossyPath;
  #bitsPerSecond: number | undefined;
  #sentBytes = 0;
  #droppedPackets = 0;

  private constructor(mediaPort: number, seed: number) {
    this.mediaPort = mediaPort;
    this.#path = new LossyPath(seed);
    try {
      run('ip', 'netns', 'add', this.#name);
      run('ip', 'link', 'add', this.#outer, 'type', 'veth', 'peer', 'name', this.#inner);
      run('ip', 'link', 'set', this.#inner, 'netns', this.#name);
      run('ip', 'address', 'add', `${here}/${prefix}`, 'dev', this.#outer);
      run('ip', 'link', 'set', this.#outer, 'up');
      this.#inside('ip', 'address', 'add', `${there}/${prefix}`, 'dev', this.#inner);
      this.#inside('ip', 'link', 'set', 'lo', 'up');
      this.#inside('ip', 'link', 'set', this.#inner, 'up');
      this.#inside('ip', 'route', 'add', 'default', 'via', nobody);
      this.hasNetem = spawnSync('tc', ['qdisc', 'add', 'dev', this.#outer, 'root', 'netem', 'delay', '1ms']).status === 0;
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  /** Makes the namespace; `folder` takes what starts a browser inside. */
  static async make(folder: string, seed: number): Promise<Network> {
    if (process.getuid?.() !== 0) {
      throw new Error('Network namespaces need root.');
    }
    const network = new Network(await freePort(), seed);
    try {
      network.executablePath = join(folder, 'chromium-inside');
      await writeFile(network.executablePath, `#!/bin/sh\nexec ip netns exec ${network.#name} ${chromiumPath} "$@"\n`);
      await chmod(network.executablePath, 0o755);
      return network;
    } catch (error) {
      network.remove();
      throw error;
    }
  }

  /** How the server has to be started: it takes media on an address for those outside and one for those inside. */
  get serverSettings(): Record<string, string> {
    const outside = outsideAddress() ?? '127.0.0.1';
    return {
      Dais__Media__Workers: '1',
      Dais__Media__Port: String(this.mediaPort),
      Dais__Media__AdvertisedAddresses: `${outside},${this.hasNetem ? here : `${here}=${behindForwarder}`}`,
    };
  }

  /** Opens the way to a server; gives the address of its pages for those inside. */
  async openTo(serverAddress: string): Promise<string> {
    if (!this.hasNetem) {
      await this.#path.carryDatagrams(here, behindForwarder, this.mediaPort);
    }
    // Under netem, the kernel delays what comes to the forwarder, and the forwarder nothing.
    return `http://${here}:${await this.#path.carryConnections(here, Number(new URL(serverAddress).port))}`;
  }

  set(conditions: Conditions): void {
    this.#bitsPerSecond = conditions.bitsPerSecond;
    if (!this.hasNetem) {
      this.#path.set(conditions);
      return;
    }
    for (const [device, prelude] of [
      [this.#outer, []],
      [this.#inner, ['ip', 'netns', 'exec', this.#name]],
    ] as const) {
      const tc = (...args: string[]): string => run(...([...prelude, 'tc', 'qdisc', ...args] as [string, ...string[]]));
      const { roundTripMs, loss, bitsPerSecond } = conditions;
      const netem = ['netem', 'delay', `${roundTripMs / 2}ms`, 'loss', `${loss * 100}%`, 'limit', '10000'];
      tc('replace', 'dev', device, 'root', 'handle', bitsPerSecond === undefined ? '1:' : '2:', ...netem);
      if (bitsPerSecond !== undefined) {
        // A queue of its own behind the delay, which stays as it is when the rate changes.
        const queue = ['tbf', 'rate', `${bitsPerSecond}bit`, 'burst', '5000', 'latency', `${queueMaxMs}ms`];
        tc('replace', 'dev', device, 'parent', '2:1', 'handle', '20:', ...queue);
      }
    }
  }

  /** What has come to those inside since the last time. The kernel's queue is what it is now, a forwarder's its longest. */
  takeCarried(): Carried {
    if (!this.hasNetem) {
      const { bytes, lost, overflowed, longestQueueMs } = this.#path.takeCounts();
      return { bytes, lost: lost + overflowed, longestQueueMs };
    }
    const disciplines = JSON.parse(run('tc', '-j', '-s', 'qdisc', 'show', 'dev', this.#outer)) as {
      kind: string;
      bytes: number;
      drops: number;
      backlog: number;
    }[];
    const netem = disciplines.find(({ kind }) => kind === 'netem');
    const queue = disciplines.find(({ kind }) => kind === 'tbf');
    const [bytes, drops] = [netem?.bytes ?? 0, netem?.drops ?? 0];
    const carried = {
      bytes: bytes - this.#sentBytes,
      lost: drops - this.#droppedPackets,
      longestQueueMs:
        queue === undefined || this.#bitsPerSecond === undefined ? null : (queue.backlog * 8_000) / this.#bitsPerSecond,
    };
    [this.#sentBytes, this.#droppedPackets] = [bytes, drops];
    return carried;
  }

  /** Takes everything away again; never fails, for it may be that not all is there. */
  remove(): void {
    this.#path.stop();
    spawnSync('ip', ['link', 'del', this.#outer]);
    spawnSync('ip', ['netns', 'del', this.#name]);
  }

  #inside(...command: string[]): void {
    run('ip', 'netns', 'exec', this.#name, ...command);
  }
}

function run(program: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr}`);
  }
  return stdout;
}

/** A port that is free on every address of this machine. */
export async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}
