import { describe, expect, it, vi } from 'vitest';
import { createOperatorApi, type ApiProblem } from './operatorApi';

const json = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status });

describe('createOperatorApi', () => {
  it('asks with the token, page after page', async () => {
    const send = vi
      .fn<typeof fetch>()
      .mockResolvedValueOnce(json({ rooms: [{ roomId: 'a' }], cursor: '7' }))
      .mockResolvedValueOnce(json({ rooms: [{ roomId: 'b' }], cursor: '' }));
    const rooms = await createOperatorApi('secret', send).rooms();
    expect(rooms.map((room) => room.roomId)).toEqual(['a', 'b']);
    expect(send.mock.calls.map(([path]) => path)).toEqual(['/v1/rooms?count=100', '/v1/rooms?count=100&cursor=7']);
    expect(send.mock.calls[0]?.[1]?.headers).toEqual({ authorization: 'Bearer secret' });
  });

  it('does not page forever', async () => {
    const send = vi.fn<typeof fetch>(() => Promise.resolve(json({ rooms: [], cursor: 'again' })));
    await createOperatorApi('secret', send).rooms();
    expect(send).toHaveBeenCalledTimes(10);
  });

  it('tells a refusal in the words of the server', async () => {
    const body = { title: 'No permission', detail: "The token needs the role 'server'.", retryable: false };
    const send = vi.fn<typeof fetch>(() => Promise.resolve(json(body, 403)));
    const problem = await createOperatorApi('secret', send).webhooks().catch((error: unknown) => error as ApiProblem);
    expect(problem).toMatchObject({ status: 403, isAboutToken: true, retryable: false });
    expect((problem as ApiProblem).message).toBe("No permission. The token needs the role 'server'.");
  });

  it('understands that something else answered, or nothing at all', async () => {
    const html = createOperatorApi('secret', () => Promise.resolve(new Response('<html>', { status: 502 })));
    await expect(html.connections()).rejects.toMatchObject({ status: 502, retryable: true });
    const nothing = createOperatorApi('secret', () => Promise.reject(new TypeError('offline')));
    await expect(nothing.connections()).rejects.toMatchObject({ status: 0, retryable: true });
  });

  it('redelivers one notice, or all of an endpoint', async () => {
    const send = vi.fn<typeof fetch>(() => Promise.resolve(json({ delivered: 1, remaining: 0, last: null })));
    const api = createOperatorApi('secret', send);
    await api.redeliver('my hook', 'n/1');
    await api.redeliver('my hook');
    expect(send.mock.calls.map(([path, init]) => `${init?.method} ${String(path)}`)).toEqual([
      'POST /v1/webhooks/my%20hook/deliveries/n%2F1/redeliver',
      'POST /v1/webhooks/my%20hook/deliveries/redeliver',
    ]);
  });
});
