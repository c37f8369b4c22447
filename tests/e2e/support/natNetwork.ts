import { spawnSync } from 'node:child_process';

/** Addresses for measurements alone (RFC 2544): the wide world, and what lies behind the translator. */
const world = { server: '198.18.7.9', router: '198.18.7.1', client: '198.18.7.2', prefix: 28 };
const inner = { router: '10.77.7.1', server: '10.77.7.2', prefix: 30 };

/**
 * A server behind a 1:1 translation of addresses, as clouds have it: it knows its inner address alone, and clients the outer one alone. Three
 * namespaces: the server's, the router's, which translates by nftables, and the clients'. There is no other way between them.
 */
export class NatNetwork {
  /** The address clients know the server by, and the one it has. */
  readonly outer = world.server;
  readonly local = inner.server;
  readonly #names: { server: string; router: string; client: string };

  private constructor() {
    const mark = `dais${process.pid}`;
    this.#names = { server: `${mark}s`, router: `${mark}r`, client: `${mark}c` };
  }

  /** Makes it; where namespaces or nftables are not to be had, a sentence that says so. */
  static make(): NatNetwork | string {
    const network = new NatNetwork();
    try {
      run('ip', 'netns', 'add', network.#names.router);
      run('ip', 'netns', 'exec', network.#names.router, 'nft', 'list', 'ruleset');
    } catch (error) {
      network.remove();
      return `network namespaces and nftables are not to be had here: ${error instanceof Error ? error.message : String(error)}`;
    }
    try {
      network.#build();
      return network;
    } catch (error) {
      network.remove();
      throw error;
    }
  }

  /** What a command begins with that runs where the server is. */
  get atServer(): string[] {
    return ['ip', 'netns', 'exec', this.#names.server];
  }

  /** What a command begins with that runs where clients are. */
  get atClient(): string[] {
    return ['ip', 'netns', 'exec', this.#names.client];
  }

  /** How many packets were translated on their way in, by the router's own count. */
  translated(): number {
    const told = run('ip', 'netns', 'exec', this.#names.router, 'nft', 'list', 'counter', 'ip', 'translator', 'inward');
    return Number(/packets (\d+)/.exec(told)?.[1] ?? 0);
  }

  /** Takes everything away again; never fails, for it may be that not all is there. */
  remove(): void {
    for (const name of Object.values(this.#names)) {
      spawnSync('ip', ['netns', 'del', name]);
    }
  }

  #build(): void {
    const { server, router, client } = this.#names;
    for (const name of [server, client]) {
      run('ip', 'netns', 'add', name);
    }
    for (const name of [server, router, client]) {
      run('ip', '-n', name, 'link', 'set', 'lo', 'up');
    }
    this.#connect([server, inner.server], [router, inner.router], inner.prefix, 'a');
    this.#connect([client, world.client], [router, world.router], world.prefix, 'b');
    run('ip', '-n', server, 'route', 'add', 'default', 'via', inner.router);
    run('ip', '-n', client, 'route', 'add', 'default', 'via', world.router);
    // The router answers for the server's outer address, too.
    run('ip', '-n', router, 'address', 'add', `${world.server}/32`, 'dev', 'lo');
    run('ip', 'netns', 'exec', router, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
    const rules = `
      table ip translator {
        counter inward { }
        chain before {
          type nat hook prerouting priority dstnat;
          ip daddr ${world.server} dnat to ${inner.server}
        }
        chain after {
          type nat hook postrouting priority srcnat;
          ip saddr ${inner.server} snat to ${world.server}
        }
        chain passing {
          type filter hook forward priority filter; policy drop;
          ip daddr ${inner.server} ct status dnat counter name inward accept
          ip saddr ${inner.server} accept
        }
      }`;
    run('ip', 'netns', 'exec', router, 'nft', rules);
  }

  #connect(one: [string, string], other: [string, string], prefix: number, mark: string): void {
    const names = [`d${process.pid}${mark}1`, `d${process.pid}${mark}2`];
    run('ip', 'link', 'add', names[0]!, 'type', 'veth', 'peer', 'name', names[1]!);
    [one, other].forEach(([namespace, address], i) => {
      run('ip', 'link', 'set', names[i]!, 'netns', namespace);
      run('ip', '-n', namespace, 'address', 'add', `${address}/${prefix}`, 'dev', names[i]!);
      run('ip', '-n', namespace, 'link', 'set', names[i]!, 'up');
    });
  }
}

function run(program: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`${program} ${args.slice(0, 6).join(' ')}: ${error?.message ?? stderr.trim()}`);
  }
  return stdout;
}
