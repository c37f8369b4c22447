import { onScopeDispose } from 'vue';

type Subscribe<P> = <E extends keyof P>(event: E, callback: (payload: P[E]) => void) => void;

/** Gives a function that hears of the events of a state for as long as the component lives. */
export function eventsOf<P extends object>(state: {
  readonly subscribeEvent: Subscribe<P>;
  readonly unsubscribeEvent: Subscribe<P>;
}): Subscribe<P> {
  return (event, callback) => {
    state.subscribeEvent(event, callback);
    onScopeDispose(() => state.unsubscribeEvent(event, callback));
  };
}
