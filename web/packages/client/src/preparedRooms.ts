import type { Environment } from './environment.js';
import type { Subscription } from './media/subscription.js';
import type { Method, Params, Result } from './rpc.js';

export interface PreparedRoomsOptions {
  environment: Pick<Environment, 'startTimer'>;
  call: <M extends Method>(method: M, params: Params<M>) => Promise<Result<M>>;
  /** A subscription to a room this client is not in; not started. */
  subscriptionOf: (roomId: string) => Subscription;
}

/** A room whose stage can be received as soon as it is joined. */
export interface PreparedRoom {
  readonly subscription: Subscription;
  /** Settles when the server was asked, or could not be: what is sent from then on, it handles after that. */
  readonly asked: Promise<void>;
}

interface Entry extends PreparedRoom {
  /** Whether the path is negotiated. */
  readonly ready: Promise<boolean>;
  readonly stopTimer: () => void;
}

/** How many rooms may be prepared at once; as many as the server keeps. */
const roomsMax = 2;

/** How long a room stays prepared: a little less than the server keeps it. */
const lifeMs = 25_000;

/** The rooms this client may join soon: their media paths are open, and nothing comes on them yet. */
export class PreparedRooms {
  /** The oldest first. */
  readonly #entries = new Map<string, Entry>();

  constructor(private readonly options: PreparedRoomsOptions) {}

  /** Prepares a room, unless it is; the oldest of too many is let go. Tells whether it is prepared. */
  prepare(roomId: string): Promise<boolean> {
    const existing = this.#entries.get(roomId);
    if (existing !== undefined) {
      return existing.ready;
    }
    const entry = this.#begin(roomId);
    this.#entries.set(roomId, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > roomsMax && oldest !== undefined) {
      this.drop(oldest);
    }
    return entry.ready;
  }

  streamsOf(roomId: string): readonly MediaStream[] {
    return this.#entries.get(roomId)?.subscription.streams ?? [];
  }

  /** Hands out what was prepared of a room, which is being joined; null for nothing. */
  take(roomId: string): PreparedRoom | null {
    const entry = this.#entries.get(roomId);
    entry?.stopTimer();
    this.#entries.delete(roomId);
    return entry ?? null;
  }

  drop(roomId: string): void {
    this.take(roomId)?.subscription.close();
  }

  dropAll(): void {
    for (const roomId of [...this.#entries.keys()]) {
      this.drop(roomId);
    }
  }

  #begin(roomId: string): Entry {
    const { environment, call, subscriptionOf } = this.options;
    const subscription = subscriptionOf(roomId);
    let settle = (): void => {};
    const asked = new Promise<void>((resolve) => (settle = resolve));
    const started = subscription.start(async (offer) => {
      const answered = call('media.prepare', { roomId, offer });
      settle();
      return (await answered).answer;
    });
    const ready = started.then(
      () => true,
      () => {
        settle();
        // One that was taken meanwhile is another's to end.
        if (this.#entries.get(roomId)?.subscription === subscription) {
          this.drop(roomId);
        }
        return false;
      },
    );
    return { subscription, asked, ready, stopTimer: environment.startTimer(() => this.drop(roomId), lifeMs) };
  }
}
