import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const startTimeoutMs = 20_000;

export interface TurnServer {
  /** As in `Dais:IceServers:0:Url`. */
  readonly url: string;
  readonly secret: string;
  stop(): Promise<void>;
}

/** An address of this machine other machines could have reached. */
export function outsideAddress(family: 'IPv4' | 'IPv6' = 'IPv4'): string | undefined {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find((entry) => entry.family === family && !entry.internal && !entry.address.startsWith('fe80'))?.address;
}

/** Starts coturn on a free port of an address that is not loopback, with a secret it shares with the server. */
export async function startTurn(address: string): Promise<TurnServer> {
  const folder = await mkdtemp(join(tmpdir(), 'dais-turn-'));
  const port = await freeUdpPort(address);
  const secret = 'what coturn and the server know';
  const settings = join(folder, 'turnserver.conf');
  const lines = [
    `listening-ip=${address}`,
    `relay-ip=${address}`,
    `listening-port=${port}`,
    'use-auth-secret',
    `static-auth-secret=${secret}`,
    'realm=dais.test',
    'no-tls',
    'no-dtls',
    'no-cli',
    'fingerprint',
    'log-file=stdout',
    'simple-log',
    `pidfile=${join(folder, 'turnserver.pid')}`,
    `userdb=${join(folder, 'turndb')}`,
  ];
  await writeFile(settings, lines.join('\n'));
  const turn = spawn('turnserver', ['-c', settings], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  let hasEnded = false;
  const ended = new Promise<void>((resolve) => {
    turn.once('exit', () => {
      hasEnded = true;
      resolve();
    });
    turn.once('error', (error) => {
      log += error.message;
      hasEnded = true;
      resolve();
    });
  });
  turn.stdout.on('data', (chunk: Buffer) => (log += chunk.toString()));
  turn.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const deadline = Date.now() + startTimeoutMs;
  while (!(await answers(address, port))) {
    if (hasEnded || Date.now() > deadline) {
      turn.kill('SIGKILL');
      throw new Error(`coturn did not answer.\n${log}`);
    }
  }
  return {
    url: `turn:${address}:${port}?transport=udp`,
    secret,
    stop: async () => {
      turn.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freeUdpPort(address: string): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, address, resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

/** Whether somebody answers a STUN binding request (RFC 8489). */
async function answers(address: string, port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  const request = Buffer.from('000100002112a442000102030405060708090a0b', 'hex');
  const answered = new Promise<boolean>((resolve) => {
    socket.once('message', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
  socket.send(request, port, address);
  const isUp = await Promise.race([answered, delay(200, false)]);
  socket.close();
  return isUp;
}
