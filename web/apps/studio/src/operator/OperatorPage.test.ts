import { flushPromises, mount, RouterLinkStub, type VueWrapper } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import OperatorPage from './OperatorPage.vue';

const room = (roomId: string, audienceCount: number) => ({
  roomId,
  name: `The ${roomId}`,
  owner: { userId: `host-${roomId}`, userName: `Host of ${roomId}` },
  createdAt: Date.now() - 65_000,
  phase: 'live',
  maxSeats: 10,
  seatsTaken: 3,
  audienceCount,
  isPublic: true,
});

/** A server that answers what a test lets it know. */
class FakeServer {
  readonly calls: string[] = [];
  token = 'good';
  parked = [{ noticeId: 'n1', eventType: 103, roomId: 'kitchen', parkedAt: Date.now(), failure: 'status 500' }];

  readonly fetch: typeof fetch = (path, init) => {
    this.calls.push(`${init?.method} ${String(path)}`);
    const { authorization } = init?.headers as Record<string, string>;
    if (authorization !== `Bearer ${this.token}`) {
      return Promise.resolve(json({ title: 'The token is not good', retryable: false }, 401));
    }
    const answer = this.answerTo(String(path));
    return Promise.resolve(typeof answer === 'string' ? new Response(answer) : json(answer));
  };

  private answerTo(path: string): unknown {
    switch (path) {
      case '/v1/rooms?count=100':
        return { rooms: [room('kitchen', 40), room('vinyl', 1240)], cursor: '' };
      case '/v1/connections':
        return {
          connections: [
            {
              connectionId: 'c',
              members: [
                { roomId: 'kitchen', host: { userName: 'Mei' } },
                { roomId: 'vinyl', host: { userName: 'Otis' } },
              ],
            },
          ],
        };
      case '/v1/webhooks':
        return {
          webhooks: [
            { id: 'shop', url: 'https://a.example/h', events: ['standard'], fromSettings: true, parked: this.parked.length },
          ],
        };
      case '/v1/webhooks/shop/deliveries':
        return { recent: [], parked: this.parked, parkedCount: this.parked.length, cursor: '' };
      case '/v1/webhooks/shop/deliveries/n1/redeliver':
        this.parked = [];
        return { delivered: 1, remaining: 0, last: { delivered: true, status: 200, failure: null, durationMs: 3 } };
      default:
        return 'dais_signaling_connections 7\ndais_signaling_connections_limit 20000\n';
    }
  }
}

const json = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status });

describe('OperatorPage', () => {
  let server: FakeServer;
  let page: VueWrapper;

  const open = (): VueWrapper => mount(OperatorPage, { global: { stubs: { RouterLink: RouterLinkStub } } });
  const enter = async (token: string): Promise<void> => {
    await page.get('[data-testid=operator-token]').setValue(token);
    await page.get('[data-testid=operator-enter]').trigger('click');
    await flushPromises();
  };

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    sessionStorage.clear();
    server = new FakeServer();
    vi.stubGlobal('fetch', server.fetch);
    page = open();
  });
  afterEach(() => {
    page.unmount();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it('asks for a token first, and says why one is not taken', async () => {
    expect(server.calls).toEqual([]);
    await enter('bad');
    expect(page.get('[role=alert]').text()).toBe('The token is not good');
    expect(sessionStorage.length).toBe(0);
  });

  it('shows rooms with the fullest first, and with whom they are connected', async () => {
    await enter('good');
    const rows = page.findAll('[data-testid=rooms-table] tbody tr').map((row) => row.text());
    expect(rows[0]).toContain('The vinyl');
    expect(rows[0]).toContain('1,240');
    expect(rows[0]).toContain('3 of 10');
    expect(rows[0]).toContain('Mei');
    expect(rows[1]).toContain('Otis');
    expect(page.get('.plot').text()).toContain('1,280 watching now');
    expect(page.get('[data-testid=health]').text()).toContain('of 20K');
  });

  it('asks again while it is open, and keeps the token for the tab', async () => {
    await enter('good');
    const asked = server.calls.length;
    await vi.advanceTimersByTimeAsync(5_100);
    expect(server.calls.length).toBeGreaterThan(asked);
    page.unmount();
    const left = server.calls.length;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(server.calls.length).toBe(left);
    page = open();
    expect(page.find('[data-testid=operator-token]').exists()).toBe(false);
  });

  it('goes back to asking for a token when it has run out', async () => {
    await enter('good');
    server.token = 'another';
    await vi.advanceTimersByTimeAsync(5_100);
    expect(page.get('[role=alert]').text()).toBe('The token is not good');
    expect(sessionStorage.length).toBe(0);
  });

  it('sends a parked notice again', async () => {
    await enter('good');
    await page.get('[data-testid=webhook-shop] [data-testid=redeliver]').trigger('click');
    await flushPromises();
    expect(server.calls).toContain('POST /v1/webhooks/shop/deliveries/n1/redeliver');
    expect(page.find('[data-testid=redeliver]').exists()).toBe(false);
  });
});
