import { Store, type ReadonlyStore } from './store.js';
import type { Transition } from './connectionState.js';

/**
 * Serial intake of a state table and the only writer of its status. Events are handled one at a time: one that is
 * sent while another is handled (by an effect or a listener) waits its turn. The status is written before its effects
 * are carried out.
 */
export class TableRunner<Status, Event, Effect> {
  readonly #status: Store<Status>;
  readonly #queue: Event[] = [];
  #running = false;

  constructor(
    initial: Status,
    private readonly transition: (status: Status, event: Event) => Transition<Status, Effect>,
    private readonly perform: (effect: Effect) => void,
  ) {
    this.#status = new Store(initial);
  }

  get status(): ReadonlyStore<Status> {
    return this.#status;
  }

  send(event: Event): void {
    this.#queue.push(event);
    if (this.#running) {
      return;
    }
    this.#running = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
        const { status, effects } = this.transition(this.#status.get(), next);
        this.#status.set(status);
        for (const effect of effects) {
          this.perform(effect);
        }
      }
    } finally {
      this.#running = false;
    }
  }
}
