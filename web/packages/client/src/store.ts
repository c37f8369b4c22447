/** A value that can be read at any time and watched for changes. */
export interface ReadonlyStore<T> {
  get(): T;

  /** Calls `listener` with every later value; the returned function ends that. */
  subscribe(listener: (value: T) => void): () => void;
}

/** Listeners in the order they came. One that throws is reported as an uncaught error and disturbs nobody else. */
export class Listeners<T> {
  readonly #listeners = new Set<(value: T) => void>();

  add(listener: (value: T) => void): () => void {
    // Wrapped, so that adding one function twice gives two listeners.
    const own = (value: T): void => listener(value);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  tell(value: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

/** A tiny observable. Listeners hear of a value after it is set. */
export class Store<T> implements ReadonlyStore<T> {
  #value: T;
  readonly #listeners = new Listeners<T>();

  constructor(value: T) {
    this.#value = value;
  }

  get(): T {
    return this.#value;
  }

  set(value: T): void {
    if (!Object.is(value, this.#value)) {
      this.#value = value;
      this.#listeners.tell(value);
    }
  }

  subscribe(listener: (value: T) => void): () => void {
    return this.#listeners.add(listener);
  }
}
