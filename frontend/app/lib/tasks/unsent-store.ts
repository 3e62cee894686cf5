import { createStore, type Store } from '../store.ts';
import { parseItem, type UnsentItem } from './unsent-item.ts';

/** Where unsent additions are kept: by the browser, for each user and each item, so that tabs do not overwrite each other. */
export interface UnsentStore extends Store<readonly UnsentItem[]> {
  /** What is kept at this moment: what other tabs have done is told with a delay. */
  readonly read: () => readonly UnsentItem[];
  /** Keeps an item. When the browser does not, this page does as long as it lives, and false says so. */
  readonly put: (item: UnsentItem) => boolean;
  readonly remove: (id: string) => void;
  readonly clear: () => void;
  /** Begins to follow what other tabs do; gives what ends that. */
  readonly start: () => () => void;
}

export interface UnsentStoreOptions {
  readonly userId: string;
  /** `localStorage`; may throw where it is forbidden. */
  readonly storage: () => Storage;
  /** Tells `storage`, as the window does for what other tabs write. */
  readonly events: EventTarget;
}

/** Makes the store of a user; it is empty before it starts. */
export function createUnsentStore({ userId, storage, events }: UnsentStoreOptions): UnsentStore {
  const items = createStore<readonly UnsentItem[]>([]);
  const prefix = `tasks:unsent:${encodeURIComponent(userId)}:`;
  /** What the browser does not keep. */
  const homeless = new Map<string, UnsentItem>();

  const kept = (): UnsentItem[] => {
    try {
      const place = storage();
      const keys = Array.from({ length: place.length }, (_, at) => place.key(at) ?? '');
      return keys
        .filter((key) => key.startsWith(prefix))
        .flatMap((key) => parseItem(place.getItem(key) ?? '') ?? []);
    } catch {
      return [];
    }
  };
  const read = (): readonly UnsentItem[] => {
    const all = new Map([...kept(), ...homeless.values()].map((item) => [item.id, item]));
    items.set(
      [...all.values()].toSorted((a, b) => a.addedAt - b.addedAt || (a.id < b.id ? -1 : 1)),
    );
    return items.get();
  };
  const write = (work: (place: Storage) => void): boolean => {
    try {
      work(storage());
      return true;
    } catch {
      return false;
    }
  };

  return {
    ...items,
    read,
    put(item) {
      const done = write((place) => {
        place.setItem(prefix + item.id, JSON.stringify(item));
      });
      if (done) homeless.delete(item.id);
      else homeless.set(item.id, item);
      read();
      return done;
    },
    remove(id) {
      homeless.delete(id);
      write((place) => {
        place.removeItem(prefix + id);
      });
      read();
    },
    clear() {
      for (const { id } of items.get()) {
        homeless.delete(id);
        write((place) => {
          place.removeItem(prefix + id);
        });
      }
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
