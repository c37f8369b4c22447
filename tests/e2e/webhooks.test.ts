// What the server signs, read with a library of the standard that knows nothing of it.
import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { WebSocket } from 'ws';
import { startServer } from './support/server.js';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

interface Received {
  readonly headers: Record<string, string>;
  readonly body: string;
}

interface Notice {
  readonly eventType: number;
  readonly noticeId: string;
  readonly payload: { readonly channelName: string; readonly account?: string };
}

test('notices verify with an independent library of Standard Webhooks', { timeout: 60_000 }, async () => {
  const received: Received[] = [];
  let wake = (): void => undefined;
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: plain(request.headers), body: Buffer.concat(chunks).toString() });
      response.writeHead(204).end();
      wake();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const { port } = receiver.address() as AddressInfo;
  const server = await startServer({
    Dais__Webhooks__main__Url: `http://127.0.0.1:${port}/`,
    Dais__Webhooks__main__Secret: secret,
    Dais__Webhooks__AllowPrivateTargets: 'true',
  });
  try {
    const socket = new WebSocket(`${server.address.replace('http', 'ws')}/v1/ws`, 'dais.v1');
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'session.open', params: { userId: 'hana' } }));
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'room.start', params: { roomId: 'lobby', name: 'Lobby 花' } }));
    while (received.length < 2) {
      await new Promise<void>((resolve) => (wake = resolve));
    }
    socket.close();

    const webhook = new Webhook(secret);
    const notices = received.slice(0, 2).map(({ headers, body }) => webhook.verify(body, headers) as Notice);
    assert.deepEqual(notices.map((notice) => notice.eventType), [101, 103]);
    assert.equal(notices[1]?.payload.account, 'hana');
    assert.equal(received[0]?.headers['webhook-id'], notices[0]?.noticeId);

    const { headers, body } = received[0]!;
    assert.throws(() => webhook.verify(body.replace('lobby', 'attic'), headers), WebhookVerificationError);
    assert.throws(() => new Webhook(Buffer.from('another').toString('base64')).verify(body, headers), WebhookVerificationError);
  } finally {
    await server.stop();
    receiver.closeAllConnections();
    receiver.close();
  }
});

function plain(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
