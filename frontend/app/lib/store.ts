import { useSyncExternalStore } from 'react';

/** A value that changes, and that components can watch. */
export interface Store<Value> {
  readonly get: () => Value;
  /** Calls the listener after each change; gives what ends that. */
  readonly subscribe: (listener: () => void) => () => void;
  /** What it begins with, on the server as well. */
  readonly initial: Value;
}

export interface WritableStore<Value> extends Store<Value> {
  readonly set: (value: Value) => void;
}

/** Makes a store. Setting the value that it has already tells nobody. */
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

/** The value of a store; the component is drawn again when it changes. */
export function useStore<Value>({ subscribe, get, initial }: Store<Value>): Value {
  return useSyncExternalStore(subscribe, get, () => initial);
}
