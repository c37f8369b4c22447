import { createInterface } from 'node:readline';
import type { Client } from './client.js';

/** Lets a client of this process take commands as lines of JSON (the other end is `ProcessClient`). */
export function serve(client: Omit<Client, 'close'>): void {
  const input = createInterface({ input: process.stdin });
  input.on('line', (line) => {
    const message = JSON.parse(line) as { id: number; do: 'publish' | 'watch' | 'figures' | 'stop'; url?: string };
    void client[message.do](message.url ?? '').then(
      (ok) => process.stdout.write(`${JSON.stringify({ id: message.id, ok: ok ?? null })}\n`),
      (error: unknown) => process.stdout.write(`${JSON.stringify({ id: message.id, error: String(error) })}\n`),
    );
  });
  input.on('close', () => process.exit(0));
}
