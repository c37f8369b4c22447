import type { Method, Params, Result } from '../../src/rpc.js';
import { FakeSocket } from './fakeSocket.js';

export interface Call {
  method: Method;
  params: Record<string, unknown>;
}

/** What a handler throws to refuse a call. */
export class Refusal {
  constructor(
    readonly code: number,
    readonly name: string,
    readonly retryable = false,
  ) {}
}

type Handler = (params: never) => unknown;

/** A server in the test: accepts sockets, answers calls by a table, records what it was asked. */
export class FakeServer {
  readonly sockets: FakeSocket[] = [];
  readonly calls: Call[] = [];
  readonly #handlers = new Map<string, Handler>();

  constructor() {
    this.on('session.open', ({ userId, userName }) => ({
      sessionId: `session-${this.sockets.length}`,
      resumeKey: 'key',
      resumed: false,
      userId: userId ?? 'from-token',
      userName: userName ?? '',
      serverTime: 0,
      pingSeconds: 20,
      graceSeconds: 10,
      developmentMode: true,
      iceServers: [{ urls: ['stun:stun.example.org'] }],
    }));
    this.on('session.ping', () => ({ serverTime: 0 }));
  }

  /** Says how a method is answered; `undefined` is silence, a thrown `Refusal` an error. */
  on<M extends Method>(method: M, handler: (params: Params<M>) => Result<M> | undefined): void {
    this.#handlers.set(method, handler as Handler);
  }

  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) {
      throw new Error('Nobody has connected yet.');
    }
    return socket;
  }

  /** The parameters of every call of one method, in order. */
  paramsOf(method: Method): Record<string, unknown>[] {
    return this.calls.filter((call) => call.method === method).map(({ params }) => params);
  }

  createSocket(url: string, protocol: string): FakeSocket {
    const socket = new FakeSocket(url, protocol);
    this.sockets.push(socket);
    socket.onsend = (text) => this.#answer(socket, text);
    return socket;
  }

  notify(method: string, params: object): void {
    this.socket.receive({ jsonrpc: '2.0', method, params });
  }

  #answer(socket: FakeSocket, text: string): void {
    const { id, method, params } = JSON.parse(text) as { id: number } & Call;
    this.calls.push({ method, params });
    const handler = this.#handlers.get(method);
    try {
      const result = handler === undefined ? {} : handler(params as never);
      if (result !== undefined) {
        socket.receive({ jsonrpc: '2.0', id, result });
      }
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) {
        throw thrown;
      }
      const { code, name, retryable } = thrown;
      socket.receive({ jsonrpc: '2.0', id, error: { code, message: `Refused: ${name}.`, data: { name, retryable } } });
    }
  }
}
