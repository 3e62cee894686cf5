/** Texts of a user by name, in `localStorage`. Those that the browser refuses are kept in memory until the page is closed. */
export interface TextStore {
  /** All texts, with their names. */
  readonly entries: () => readonly (readonly [name: string, text: string])[];
  /** Stores a text. Returns false if it is only kept in memory. */
  readonly put: (name: string, text: string) => boolean;
  readonly remove: (name: string) => void;
}

export interface TextStoreOptions {
  /** The beginning of all keys. */
  readonly prefix: string;
  /** Returns `localStorage`. May throw, because a browser can block it. */
  readonly storage: () => Storage;
}

/** Creates a store of texts. Each text has its own key, so that tabs do not overwrite each other's texts. */
export function createTextStore({ prefix, storage }: TextStoreOptions): TextStore {
  const memoryOnly = new Map<string, string>();

  const readStorage = (): [name: string, text: string][] => {
    try {
      const local = storage();
      const keys = Array.from({ length: local.length }, (_, at) => local.key(at) ?? '');
      return keys
        .filter((key) => key.startsWith(prefix))
        .map((key) => [key.slice(prefix.length), local.getItem(key) ?? '']);
    } catch {
      return [];
    }
  };
  const write = (change: (local: Storage) => void): boolean => {
    try {
      change(storage());
      return true;
    } catch {
      return false;
    }
  };

  return {
    entries: () => [...new Map([...readStorage(), ...memoryOnly])],
    put(name, text) {
      const isStored = write((local) => {
        local.setItem(prefix + name, text);
      });
      if (isStored) memoryOnly.delete(name);
      else memoryOnly.set(name, text);
      return isStored;
    },
    remove(name) {
      memoryOnly.delete(name);
      write((local) => {
        local.removeItem(prefix + name);
      });
    },
  };
}
