import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { Person, desktop, phone } from './support/person.js';
import { startServer } from './support/server.js';
import { accessToken } from './support/token.js';

/** The operator's page beside a server with a live and a backend that hears of it. */

const key = 'a key of thirty-two bytes or more.';

test('The operator sees the rooms, how many watch, and what was delivered', { timeout: 90_000 }, async () => {
  const received: string[] = [];
  const backend = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => received.push(chunk.toString()));
    request.on('end', () => response.writeHead(204).end());
  });
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  const server = await startServer({
    Dais__Keys__main: key,
    Dais__Webhooks__backend__Url: `http://127.0.0.1:${(backend.address() as AddressInfo).port}/`,
    Dais__Webhooks__backend__Secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    Dais__Webhooks__AllowPrivateTargets: 'true',
  });
  const operator = await Person.arrive('olga', desktop);
  const sockets: WebSocket[] = [];
  try {
    // 1. A live, and two who watch it.
    sockets.push(await enter(server.address, 'hanna', 'room.start', { roomId: 'kitchen', name: 'Sunday kitchen' }));
    for (const viewer of ['vera', 'lars']) {
      sockets.push(await enter(server.address, viewer, 'room.join', { roomId: 'kitchen' }));
    }

    // 2. A token that is not good is refused in a sentence; a good one leads in.
    const { page } = operator;
    await page.goto(`${server.address}/operator`);
    await page.getByTestId('operator-token').fill(accessToken('another key of thirty-two bytes...', 'olga', 'server'));
    await page.getByTestId('operator-enter').click();
    await page.getByRole('alert').waitFor();
    await page.getByTestId('operator-token').fill(accessToken(key, 'olga', 'server'));
    await page.getByTestId('operator-enter').click();

    // 3. The room and its people, in the table and the plot.
    const row = page.getByTestId('rooms-table').getByRole('row').filter({ hasText: 'Sunday kitchen' });
    await row.filter({ hasText: 'hanna' }).getByRole('cell', { name: '2', exact: true }).waitFor();
    const plot = page.getByRole('img', { name: 'Audience over time: now 2, at most 2.' });
    await plot.waitFor();
    assert.match((await plot.locator('path.line').getAttribute('d')) ?? '', /^M\d/);
    await page.getByText('watching now').waitFor();

    // 4. What the backend was told.
    const webhook = page.getByTestId('webhook-backend');
    await webhook.getByText('Delivers').waitFor();
    await webhook.getByText('Room created · kitchen').waitFor();
    await webhook.getByText('204').first().waitFor();
    assert.ok(received.some((body) => body.includes('"eventType":101')));
    await operator.screenshot('operator-desktop');
    await page.setViewportSize(phone);
    await operator.screenshot('operator-phone');
  } finally {
    sockets.forEach((socket) => socket.close());
    await operator.leave();
    await server.stop();
    backend.closeAllConnections();
    backend.close();
  }
});

/** Signs in and enters a room, without media; done when the server has answered. */
async function enter(address: string, userId: string, method: string, params: object): Promise<WebSocket> {
  const socket = new WebSocket(`${address.replace('http', 'ws')}/v1/ws`, 'dais.v1');
  await new Promise((resolve) => socket.once('open', resolve));
  const entered = new Promise<void>((resolve, reject) =>
    socket.on('message', (data: Buffer) => {
      const { id, error } = JSON.parse(data.toString()) as { id?: number; error?: { message: string } };
      if (error !== undefined) {
        reject(new Error(error.message));
      } else if (id === 2) {
        resolve();
      }
    }),
  );
  socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'session.open', params: { userId } }));
  socket.send(JSON.stringify({ jsonrpc: '2.0', id: 2, method, params }));
  await entered;
  return socket;
}
