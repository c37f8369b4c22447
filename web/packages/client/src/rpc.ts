import { LiveError } from './liveError.js';
import type { Environment } from './environment.js';
import { ErrorCodes } from './protocol.gen.js';
import type { Methods } from './protocol.gen.js';

export type Method = keyof Methods;
export type Params<M extends Method> = Methods[M]['params'];
export type Result<M extends Method> = Methods[M]['result'];

/** A message of the server that is not an answer. */
export interface Notification {
  method: string;
  params: unknown;
}

interface OpenCall {
  /** Characters of the message. */
  length: number;
  resolve(result: unknown): void;
  reject(error: LiveError): void;
  stopTimer(): void;
}

interface WireError {
  code?: unknown;
  message?: unknown;
  data?: { name?: unknown; retryable?: unknown; field?: unknown; retryAfterMs?: unknown; applicationCode?: unknown };
}

/** JSON-RPC 2.0 over one socket: calls with promises, and notifications in the order they came. */
export class Rpc {
  readonly #calls = new Map<number, OpenCall>();
  #lastId = 0;

  constructor(
    private readonly environment: Pick<Environment, 'startTimer'>,
    private readonly send: (text: string) => void,
    private readonly onNotification: (notification: Notification) => void,
    private readonly callTimeoutMs = 15_000,
  ) {}

  call<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise<Result<M>>((resolve, reject) => {
      const stopTimer = this.environment.startTimer(() => {
        this.#calls.delete(id);
        reject(LiveError.local('callTimedOut', `No answer to ${method} in time.`, true));
      }, this.callTimeoutMs);
      const text = JSON.stringify({ jsonrpc: '2.0', id, method, params });
      this.#calls.set(id, {
        length: text.length,
        resolve: (result) => resolve(result as Result<M>),
        reject,
        stopTimer,
      });
      this.send(text);
    });
  }

  /** Takes one message of the server. What is not JSON-RPC is ignored. */
  handle(text: string): void {
    const message = parseObject(text);
    if (message === null) {
      return;
    }
    if (typeof message['method'] === 'string') {
      this.onNotification({ method: message['method'], params: message['params'] });
      return;
    }
    const id = this.#idOf(message);
    const call = this.#calls.get(id);
    if (call === undefined) {
      return;
    }
    this.#calls.delete(id);
    call.stopTimer();
    if (message['error'] !== undefined) {
      call.reject(toLiveError(message['error'] as WireError));
    } else {
      call.resolve(message['result']);
    }
  }

  /** A message that is too large is refused without its id, since the server has not read it: it was the longest. */
  #idOf(message: Record<string, unknown>): number {
    const id = message['id'];
    const error = message['error'] as WireError | undefined;
    if (id !== null || error?.code !== ErrorCodes.tooLarge) {
      return typeof id === 'number' ? id : 0;
    }
    const byLength = [...this.#calls].sort(([, a], [, b]) => b.length - a.length);
    return byLength[0]?.[0] ?? 0;
  }

  /** Ends every open call with `error`: their answers cannot come any more. */
  fail(error: LiveError): void {
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    for (const call of calls) {
      call.stopTimer();
      call.reject(error);
    }
  }
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function toLiveError(error: WireError): LiveError {
  const data = error?.data;
  return new LiveError({
    code: typeof error?.code === 'number' ? error.code : -32603,
    name: typeof data?.name === 'string' ? data.name : 'error',
    message: typeof error?.message === 'string' ? error.message : 'The server refused the call.',
    retryable: data?.retryable === true,
    ...(typeof data?.field === 'string' ? { field: data.field } : {}),
    ...(typeof data?.retryAfterMs === 'number' ? { retryAfterMs: data.retryAfterMs } : {}),
    ...(typeof data?.applicationCode === 'number' ? { applicationCode: data.applicationCode } : {}),
  });
}
