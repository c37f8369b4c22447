import type { SocketLike } from '../../src/environment.js';

/** The client's end of a connection whose other end is the test. */
export class FakeSocket implements SocketLike {
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  readonly sent: string[] = [];
  onsend: ((text: string) => void) | null = null;
  closedWith: number | null = null;

  constructor(
    readonly url: string,
    readonly protocol: string,
  ) {}

  send(text: string): void {
    this.sent.push(text);
    this.onsend?.(text);
  }

  close(code = 1005): void {
    this.closedWith = code;
  }

  /** The handshake is done. */
  open(): void {
    this.onopen?.(undefined as never);
  }

  /** The server says something. */
  receive(message: object | string): void {
    this.onmessage?.({ data: typeof message === 'string' ? message : JSON.stringify(message) });
  }

  /** The connection ends. */
  end(code: number, reason = ''): void {
    this.onclose?.({ code, reason });
  }
}
