import type { BrowserParts, SavedValues } from '../../../frontend/app/lib/tasks/browser.ts';

/** The APIs of a browser tab, with controls for tests. */
export interface BrowserTab extends BrowserParts {
  /** Sets whether the browser is online, and emits the event. */
  setOnline(online: boolean): void;
  /** Moves the tab to the background. */
  hide(): void;
}

/** The data that the tabs of one browser share. Implements the part of `localStorage` that the application uses. */
export class BrowserProfile {
  readonly entries = new Map<string, string>();
  /** The values in IndexedDB. */
  readonly saved = new Map<string, unknown>();
  /** The error that writing throws, for example if the storage is full. */
  writeError: Error | undefined;
  /** Whether writing emits `storage` events in the other tabs. */
  emitsEvents = true;
  openChannel = (name: string) => new BroadcastChannel(name);
  readonly #tabs = new Set<EventTarget>();
  /** Separates the broadcast channels of profiles, which are shared in the process. */
  readonly #id = crypto.randomUUID();

  openTab(): BrowserTab {
    const events = new EventTarget();
    this.#tabs.add(events);
    let online = true;
    let hidden = false;
    return {
      events,
      isOnline: () => online,
      isHidden: () => hidden,
      storage: () => this.#storageOf(events),
      values: this.#values(),
      channel: (name) => this.openChannel(`${name} of ${this.#id}`),
      locks: navigator.locks,
      setOnline(value) {
        online = value;
        events.dispatchEvent(new Event(value ? 'online' : 'offline'));
      },
      hide() {
        hidden = true;
        events.dispatchEvent(new Event('visibilitychange'));
      },
    };
  }

  #values(): SavedValues {
    const { saved } = this;
    return {
      // A copy, as IndexedDB returns.
      get: <Value>(name: string) => Promise.resolve(structuredClone(saved.get(name)) as Value),
      set: (name, value) => Promise.resolve(void saved.set(name, structuredClone(value))),
      del: (name) => Promise.resolve(void saved.delete(name)),
    };
  }

  #storageOf(own: EventTarget): Storage {
    const { entries } = this;
    const emitToOthers = () => {
      for (const tab of this.emitsEvents ? this.#tabs : [])
        if (tab !== own) tab.dispatchEvent(new Event('storage'));
    };
    return {
      get length() {
        return entries.size;
      },
      key: (at) => [...entries.keys()][at] ?? null,
      getItem: (key) => entries.get(key) ?? null,
      setItem: (key, value) => {
        if (this.writeError) throw this.writeError;
        entries.set(key, value);
        emitToOthers();
      },
      removeItem: (key) => {
        entries.delete(key);
        emitToOthers();
      },
      clear: () => {
        entries.clear();
        emitToOthers();
      },
    };
  }
}
