/** What an event brings along, by the event's name. */
type Payloads = object;

/** A function that hears of an event. */
export type EventCallback<P extends Payloads, E extends keyof P> = (payload: P[E]) => void;

/** Functions by the event they wait for; nothing is kept for those who come late. */
export class EventHub<P extends Payloads> {
  readonly #callbacks = new Map<keyof P, Set<(payload: never) => void>>();

  /** Calls `callback` at every later event, until it is unsubscribed. Subscribing it twice changes nothing. */
  readonly subscribeEvent = <E extends keyof P>(event: E, callback: EventCallback<P, E>): void => {
    const callbacks = this.#callbacks.get(event) ?? new Set();
    this.#callbacks.set(event, callbacks.add(callback));
  };

  /** Takes back one subscription; a function that is not subscribed removes nothing. */
  readonly unsubscribeEvent = <E extends keyof P>(event: E, callback: EventCallback<P, E>): void => {
    this.#callbacks.get(event)?.delete(callback);
  };

  /** Tells everyone, in the order they came. One that throws is reported as an uncaught error and disturbs nobody. */
  raise<E extends keyof P>(event: E, payload: P[E]): void {
    for (const callback of [...(this.#callbacks.get(event) ?? [])] as EventCallback<P, E>[]) {
      try {
        callback(payload);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
