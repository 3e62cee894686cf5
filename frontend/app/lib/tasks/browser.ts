/** What tasks need of the browser. */
export interface BrowserParts {
  /** Tells `online`, `offline`, `storage`, `pagehide` and `visibilitychange`. */
  readonly events: EventTarget;
  readonly isOnline: () => boolean;
  readonly isHidden: () => boolean;
  /** What outlives the page; may throw where it is forbidden. */
  readonly storage: () => Storage;
  /** What all tabs of the browser hear. */
  readonly channel: (name: string) => BroadcastChannel;
  /** Undefined on pages without TLS. */
  readonly locks: LockManager | undefined;
}

/** The browser of this page. On the server it has nothing to tell. */
export function thisBrowser(): BrowserParts {
  const inBrowser = typeof window !== 'undefined';
  const { locks } = (inBrowser ? navigator : {}) as Partial<Navigator>;
  return {
    events: inBrowser ? window : new EventTarget(),
    isOnline: () => navigator.onLine,
    isHidden: () => document.visibilityState === 'hidden',
    storage: () => localStorage,
    channel: (name) => new BroadcastChannel(name),
    locks,
  };
}
