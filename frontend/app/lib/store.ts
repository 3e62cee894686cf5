import { useSyncExternalStore } from 'react';

/** A value that changes, and that components can subscribe to. */
export interface Store<Value> {
  readonly get: () => Value;
  /** Calls the listener after each change. Returns a function that unsubscribes it. */
  readonly subscribe: (listener: () => void) => () => void;
  /** The first value, which is also used on the server. */
  readonly initial: Value;
}

export interface WritableStore<Value> extends Store<Value> {
  readonly set: (value: Value) => void;
}

/** Creates a store. Setting the current value again does not call the listeners. */
export function createStore<Value>(initial: Value): WritableStore<Value> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    initial,
    get: () => value,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
  };
}

/** The value of a store. The component renders again when it changes. */
export function useStore<Value>({ subscribe, get, initial }: Store<Value>): Value {
  return useSyncExternalStore(subscribe, get, () => initial);
}
