import type { BrowserParts } from '../../../frontend/app/lib/tasks/browser.ts';

/** The parts of a browser tab, and what a test does to them. */
export interface BrowserTab extends BrowserParts {
  /** Whether the browser believes to have a line; the tab is told. */
  setOnline(online: boolean): void;
  /** Puts the tab into the background. */
  hide(): void;
}

/** What the tabs of one browser share, since Node has no `localStorage`: the standard's, as far as it is used. */
export class BrowserProfile {
  readonly entries = new Map<string, string>();
  /** What writing throws, as when there is no room. */
  refusal: Error | undefined;
  /** Whether tabs learn what others write. */
  tells = true;
  readonly #tabs = new Set<EventTarget>();
  /** Node's channels are the process's. */
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
      channel: (name) => new BroadcastChannel(`${name} of ${this.#id}`),
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

  #storageOf(own: EventTarget): Storage {
    const { entries } = this;
    const tellOthers = () => {
      for (const tab of this.tells ? this.#tabs : [])
        if (tab !== own) tab.dispatchEvent(new Event('storage'));
    };
    return {
      get length() {
        return entries.size;
      },
      key: (at) => [...entries.keys()][at] ?? null,
      getItem: (key) => entries.get(key) ?? null,
      setItem: (key, value) => {
        if (this.refusal) throw this.refusal;
        entries.set(key, value);
        tellOthers();
      },
      removeItem: (key) => {
        entries.delete(key);
        tellOthers();
      },
      clear: () => {
        entries.clear();
        tellOthers();
      },
    };
  }
}
