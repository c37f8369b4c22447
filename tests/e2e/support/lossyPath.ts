import { createSocket } from 'node:dgram';
import type { RemoteInfo, Socket } from 'node:dgram';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket as TcpSocket } from 'node:net';

/** What a way does to what takes it, the same in both directions. */
export interface Conditions {
  /** How long there and back takes when nothing queues, in milliseconds. */
  roundTripMs: number;
  /** Which part of the datagrams is lost each way, 0 to 1, each by itself. */
  loss: number;
  /** How much passes each way, in bits per second; as much as comes unless it is said. */
  bitsPerSecond?: number;
}

/** What has happened on one direction of a way. */
export interface LaneCounts {
  packets: number;
  bytes: number;
  lost: number;
  /** What found the queue full. */
  overflowed: number;
}

/** How much a queue holds, in time at the rate of the moment: more than anybody should ever let it grow to. */
export const queueMaxMs = 1_000;

/** Of IPv4 and UDP, which take their place on the line. */
const headerBytes = 28;

const fresh = (): LaneCounts => ({ packets: 0, bytes: 0, lost: 0, overflowed: 0 });

/** One direction: loses, queues at a rate, and then takes its time. What goes in first comes out first. */
class Lane {
  counts = fresh();
  longestQueueMs = 0;
  #conditions: Conditions = { roundTripMs: 0, loss: 0 };
  /** When all that is queued has left. */
  #freeAt = 0;
  #lastAt = 0;
  #underway: { at: number; deliver: () => void }[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly random: () => number) {}

  /** What is queued stays so many bytes, and takes longer or shorter from now on. */
  set(conditions: Conditions): void {
    const now = performance.now();
    const [before, after] = [this.#conditions.bitsPerSecond, conditions.bitsPerSecond];
    const queuedMs = Math.max(0, this.#freeAt - now);
    this.#freeAt = before === undefined || after === undefined ? now : now + (queuedMs * before) / after;
    this.#conditions = conditions;
  }

  /** A datagram, which may be lost. */
  send(bytes: number, deliver: () => void): void {
    this.counts.packets += 1;
    this.counts.bytes += bytes;
    if (this.random() < this.#conditions.loss) {
      this.counts.lost += 1;
      return;
    }
    const now = performance.now();
    const { bitsPerSecond } = this.#conditions;
    let leavesAt = now;
    if (bitsPerSecond !== undefined) {
      const queuedMs = Math.max(0, this.#freeAt - now);
      if (queuedMs > queueMaxMs) {
        this.counts.overflowed += 1;
        return;
      }
      this.longestQueueMs = Math.max(this.longestQueueMs, queuedMs);
      this.#freeAt = now + queuedMs + (bytes * 8_000) / bitsPerSecond;
      leavesAt = this.#freeAt;
    }
    this.#deliverAt(leavesAt + this.#conditions.roundTripMs / 2, deliver);
  }

  /** A piece of a stream, whose protocol has made up for losses already. */
  stream(deliver: () => void): void {
    this.#deliverAt(performance.now() + this.#conditions.roundTripMs / 2, deliver);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#underway = [];
  }

  #deliverAt(at: number, deliver: () => void): void {
    this.#lastAt = Math.max(this.#lastAt, at);
    this.#underway.push({ at: this.#lastAt, deliver });
    if (this.#underway.length === 1) {
      this.#wait();
    }
  }

  #wait(): void {
    const next = this.#underway[0];
    if (next !== undefined) {
      this.#timer = setTimeout(() => this.#deliverDue(), Math.max(0, next.at - performance.now()));
    }
  }

  #deliverDue(): void {
    // Timers know whole milliseconds only: half a one early is as near as half a one late.
    const now = performance.now() + 0.5;
    while (this.#underway[0] !== undefined && this.#underway[0].at <= now) {
      this.#underway.shift()!.deliver();
    }
    this.#wait();
  }
}

/**
 * A way that loses and delays, for a kernel that cannot: carries datagrams between clients and a server's media port, and
 * TCP connections to its pages. Each client's address has a socket of its own towards the server, as with an address
 * translator. TCP is only delayed. Which datagrams are lost follows from the seed and their order.
 */
export class LossyPath {
  readonly #toClients: Lane;
  readonly #toServer: Lane;
  readonly #clients = new Map<string, Promise<Socket>>();
  readonly #sockets: Socket[] = [];
  readonly #connections = new Set<TcpSocket>();
  readonly #servers: Server[] = [];

  constructor(seed: number) {
    this.#toClients = new Lane(randomOf(seed));
    this.#toServer = new Lane(randomOf(seed + 1));
  }

  set(conditions: Conditions): void {
    this.#toClients.set(conditions);
    this.#toServer.set(conditions);
  }

  /** What has happened on the way to the clients since the last time. */
  takeCounts(): LaneCounts & { longestQueueMs: number } {
    const { counts, longestQueueMs } = this.#toClients;
    this.#toClients.counts = fresh();
    this.#toClients.longestQueueMs = 0;
    return { ...counts, longestQueueMs };
  }

  /** Carries datagrams that come to an address and port to the same port of another, and back what is answered. */
  async carryDatagrams(address: string, server: string, port: number): Promise<void> {
    const listener = await bound(port, address);
    this.#sockets.push(listener);
    listener.on('message', (datagram, client) => {
      const key = `${client.address}:${client.port}`;
      let outgoing = this.#clients.get(key);
      if (outgoing === undefined) {
        outgoing = this.#socketFor(client, listener, server);
        this.#clients.set(key, outgoing);
      }
      void outgoing.then((socket) => {
        this.#toServer.send(datagram.length + headerBytes, () => socket.send(datagram, port, server, ignore));
      });
    });
  }

  async #socketFor(client: RemoteInfo, listener: Socket, server: string): Promise<Socket> {
    const socket = await bound(0, server);
    this.#sockets.push(socket);
    socket.on('message', (datagram) =>
      this.#toClients.send(datagram.length + headerBytes, () => listener.send(datagram, client.port, client.address, ignore)),
    );
    return socket;
  }

  /** Carries TCP connections that come to an address to a port of this machine; gives the port they may come to. */
  async carryConnections(address: string, serverPort: number): Promise<number> {
    const listener = createServer({ noDelay: true }, (client) => {
      const server = connect({ host: '127.0.0.1', port: serverPort, noDelay: true });
      for (const [from, to, lane] of [
        [client, server, this.#toServer],
        [server, client, this.#toClients],
      ] as const) {
        this.#connections.add(from);
        from.on('data', (piece) => lane.stream(() => to.write(piece)));
        from.on('end', () => lane.stream(() => to.end()));
        from.on('error', () => to.destroy());
        from.on('close', () => this.#connections.delete(from));
      }
    });
    this.#servers.push(listener);
    await new Promise<void>((resolve, reject) => {
      listener.once('error', reject);
      listener.listen(0, address, resolve);
    });
    return (listener.address() as AddressInfo).port;
  }

  stop(): void {
    this.#toClients.stop();
    this.#toServer.stop();
    this.#servers.splice(0).forEach((server) => server.close());
    this.#connections.forEach((connection) => connection.destroy());
    this.#sockets.splice(0).forEach((socket) => socket.close());
  }
}

/** What cannot be sent is lost, as on any way. */
const ignore = (): void => undefined;

async function bound(port: number, address: string): Promise<Socket> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(port, address, resolve);
  });
  socket.on('error', ignore);
  return socket;
}

/** Numbers from 0 up to 1 that look random and are the same for each seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
