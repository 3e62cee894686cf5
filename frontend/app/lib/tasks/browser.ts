import { createStore, del, get, promisifyRequest } from 'idb-keyval';

/** A store of values that can be large: IndexedDB. May reject, because a browser can block it. */
export interface SavedValues {
  readonly get: <Value>(name: string) => Promise<Value | undefined>;
  readonly set: (name: string, value: unknown) => Promise<void>;
  readonly del: (name: string) => Promise<void>;
}

/** The browser APIs that the tasks use. */
export interface BrowserParts {
  /** Emits `online`, `offline`, `storage`, `pagehide` and `visibilitychange`. */
  readonly events: EventTarget;
  readonly isOnline: () => boolean;
  readonly isHidden: () => boolean;
  /** `localStorage`. May throw, because a browser can block it. */
  readonly storage: () => Storage;
  readonly values: SavedValues;
  /** A channel to the other tabs of the browser. May throw, because a browser can lack it or block it. */
  readonly channel: (name: string) => BroadcastChannel;
  /** Undefined on pages without TLS. */
  readonly locks: LockManager | undefined;
}

/** The default database of idb-keyval. */
const database = createStore('keyval-store', 'keyval');

/** Sets a value. A page that is being left would not complete the transaction, so it is committed at once. */
function set(name: string, value: unknown): Promise<void> {
  return database('readwrite', (store) => {
    store.put(value, name);
    store.transaction.commit();
    return promisifyRequest(store.transaction);
  });
}

/** The APIs of this page's browser. On the server, no event is emitted and nothing else may be called. */
export function thisBrowser(): BrowserParts {
  const inBrowser = typeof window !== 'undefined';
  const { locks } = (inBrowser ? navigator : {}) as Partial<Navigator>;
  return {
    events: inBrowser ? window : new EventTarget(),
    isOnline: () => navigator.onLine,
    isHidden: () => document.visibilityState === 'hidden',
    storage: () => localStorage,
    values: {
      // As functions that reject, also in a browser without IndexedDB.
      get: async (name) => get(name, database),
      set: async (name, value) => set(name, value),
      del: async (name) => del(name, database),
    },
    channel: (name) => new BroadcastChannel(name),
    locks,
  };
}
