import { afterEach, beforeEach, vi } from 'vitest';

/** The timers of the client under test. */
export interface ClientTimers {
  /** The delays between attempts, in milliseconds. */
  readonly pauses: number[];
  /** Delays never end, and timeouts are not shortened; by default, delays are skipped. */
  held: boolean;
  /** Ends all timeouts of attempts that have begun, unless the timers are held. */
  expire(): void;
}

/** Records and skips the delays of the client, before each test. */
export function useClientTimers(): ClientTimers {
  const timeouts = new Set<() => void>();
  const timers: ClientTimers = {
    pauses: [],
    held: false,
    expire() {
      if (timers.held) return;
      for (const end of timeouts) end();
      timeouts.clear();
    },
  };
  beforeEach(() => {
    timeouts.clear();
    timers.pauses.length = 0;
    timers.held = false;
    const { setTimeout } = globalThis;
    vi.spyOn(globalThis, 'setTimeout').mockImplementation((callback, milliseconds, ...args) => {
      const { stack = '' } = new Error();
      if (stack.includes('/timeout.')) timeouts.add(callback);
      const isPause = stack.includes('/delay.');
      if (isPause) timers.pauses.push(milliseconds ?? 0);
      return setTimeout(
        isPause && timers.held ? () => undefined : callback,
        isPause ? 0 : milliseconds,
        ...args,
      );
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
  return timers;
}
