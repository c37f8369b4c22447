/** A function that hears of an event. */
export type Handler<T> = (event: T) => void;

interface Registration {
  handler: Handler<never>;
  context: unknown;
}

interface Kept {
  payload: unknown;
  isStillTrue: () => boolean;
}

/** Handlers by the event they wait for. `P` says what each event brings along. */
export class EventHub<P extends object> {
  readonly #registrations = new Map<keyof P, Registration[]>();
  readonly #kept = new Map<keyof P, Kept[]>();

  on<E extends keyof P>(event: E, handler: Handler<P[E]>, context?: unknown): void {
    const registrations = this.#registrations.get(event) ?? [];
    this.#registrations.set(event, [...registrations, { handler: handler as Handler<never>, context }]);
    const kept = this.#kept.get(event);
    if (kept !== undefined) {
      this.#kept.delete(event);
      queueMicrotask(() => {
        for (const { payload, isStillTrue } of kept) {
          if (isStillTrue()) {
            this.emit(event, payload as P[E]);
          }
        }
      });
    }
  }

  /** Takes back one handler, all of an event, or, with `'*'`, everything. An unknown handler removes nothing. */
  off<E extends keyof P>(event: E | '*', handler?: Handler<P[E]>): void {
    if (event === '*') {
      this.#registrations.clear();
      return;
    }
    const registrations = handler === undefined ? [] : (this.#registrations.get(event) ?? []);
    this.#registrations.set(
      event,
      registrations.filter((registration) => registration.handler !== (handler as Handler<never>)),
    );
  }

  /** Tells everyone, in the order they came. One that throws is reported as an uncaught error and disturbs nobody. */
  emit<E extends keyof P>(event: E, payload: P[E]): void {
    for (const { handler, context } of this.#registrations.get(event) ?? []) {
      try {
        (handler as Handler<P[E]>).call(context, payload);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  /**
   * As `emit`; what nobody hears is kept for the first handler to come, as long as it is true. So code may register
   * after `join` and still hears of everyone who was there.
   */
  emitOrKeep<E extends keyof P>(event: E, payload: P[E], isStillTrue: () => boolean): void {
    if ((this.#registrations.get(event) ?? []).length > 0) {
      this.emit(event, payload);
      return;
    }
    const kept = (this.#kept.get(event) ?? []).filter((one) => one.isStillTrue());
    this.#kept.set(event, [...kept, { payload, isStillTrue }]);
  }

  /** Nothing that was kept is told any more. */
  forgetKept(): void {
    this.#kept.clear();
  }
}
