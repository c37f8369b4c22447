import type { RoomEvents, RoomMessage, RoomSnapshot } from './protocol.gen.js';
import { mergeMessages } from './roomMessages.js';
import { reduceRoom, roomStateOf } from './roomState.js';
import type { RoomCloseReason, RoomEvent, RoomEventType, RoomState } from './roomState.js';
import { Listeners, Store } from './store.js';
import type { ReadonlyStore } from './store.js';

/** A room's state and events as the server tells them: first the state changes, then the event is told. */
export class RoomFeed {
  readonly #state: Store<RoomState>;
  readonly #listeners = new Map<RoomEventType, Listeners<RoomEvent>>();

  constructor(snapshot: RoomSnapshot, seq: number, selfId: string) {
    this.#state = new Store(roomStateOf(snapshot, seq, selfId));
  }

  get state(): ReadonlyStore<RoomState> {
    return this.#state;
  }

  /** Puts a fresh snapshot in the place of everything known so far. */
  replace(snapshot: RoomSnapshot, seq: number, selfId: string): void {
    if (this.#state.get().closed === null) {
      // Messages are no part of snapshots; those that were missed are asked for.
      this.#state.set({ ...roomStateOf(snapshot, seq, selfId), messages: this.#state.get().messages });
    }
  }

  /** Takes messages of the past. */
  addMessages(messages: readonly RoomMessage[]): void {
    const state = this.#state.get();
    this.#state.set({ ...state, messages: mergeMessages(state.messages, messages) });
  }

  /** Takes one event. What the state already contains is neither applied nor told again. */
  apply(event: RoomEvent): void {
    const before = this.#state.get();
    if (event.seq <= before.seq || before.closed !== null) {
      return;
    }
    this.#state.set(reduceRoom(before, event));
    this.#listeners.get(event.type)?.tell(event);
  }

  close(reason: RoomCloseReason): void {
    const state = this.#state.get();
    if (state.closed === null) {
      this.#state.set({ ...state, closed: reason });
    }
  }

  on<T extends RoomEventType>(type: T, handler: (data: RoomEvents[T], event: RoomEvent) => void): () => void {
    const listeners = this.#listeners.get(type) ?? new Listeners<RoomEvent>();
    this.#listeners.set(type, listeners);
    return listeners.add((event) => handler(event.data as RoomEvents[T], event));
  }
}
