import { createStore, type Store } from '../store.ts';
import { createTextStore } from './text-store.ts';
import { parseItem, type UnsentItem } from './unsent-item.ts';

/** Stores the queue of new tasks in `localStorage`. Each item has its own key, so that tabs do not overwrite each other's items. */
export interface UnsentStore extends Store<readonly UnsentItem[]> {
  /** The items that are stored now. Changes by other tabs are announced later. */
  readonly read: () => readonly UnsentItem[];
  /** Stores an item. Returns false if the browser refused it: then it is kept in memory until the page is closed. */
  readonly put: (item: UnsentItem) => boolean;
  readonly remove: (id: string) => void;
  readonly clear: () => void;
  /** Starts to listen to changes by other tabs. Returns a function that stops it. */
  readonly start: () => () => void;
}

export interface UnsentStoreOptions {
  readonly userId: string;
  /** Returns `localStorage`. May throw, because a browser can block it. */
  readonly storage: () => Storage;
  /** Emits `storage` when another tab has written, as `window` does. */
  readonly events: EventTarget;
}

/** Creates the store of a user. It is empty until it is started. */
export function createUnsentStore({ userId, storage, events }: UnsentStoreOptions): UnsentStore {
  const items = createStore<readonly UnsentItem[]>([]);
  const prefix = `tasks:unsent:${encodeURIComponent(userId)}:`;
  const texts = createTextStore({ prefix, storage });

  const read = (): readonly UnsentItem[] => {
    const all = texts.entries().flatMap(([, text]) => parseItem(text) ?? []);
    items.set(all.toSorted((a, b) => a.addedAt - b.addedAt || (a.id < b.id ? -1 : 1)));
    return items.get();
  };

  return {
    ...items,
    read,
    put(item) {
      const isStored = texts.put(item.id, JSON.stringify(item));
      read();
      return isStored;
    },
    remove(id) {
      texts.remove(id);
      read();
    },
    clear() {
      for (const { id } of items.get()) texts.remove(id);
      read();
    },
    start() {
      read();
      events.addEventListener('storage', read);
      return () => {
        events.removeEventListener('storage', read);
      };
    },
  };
}
