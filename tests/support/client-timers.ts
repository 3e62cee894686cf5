import { afterEach, beforeEach, vi } from 'vitest';

/** The timers of the client under test. */
export interface ClientTimers {
  /** The delays between attempts, in milliseconds. */
  readonly pauses: number[];
  /** Delays never end, and timeouts are not shortened; by default, delays are skipped. */
  held: boolean;
  /** Ends the latest timeout now, unless the timers are held. */
  expire: () => void;
}

/** Records and skips the delays of the client, before each test. */
export function useClientTimers(): ClientTimers {
  const timers: ClientTimers = { pauses: [], held: false, expire: () => undefined };
  beforeEach(() => {
    timers.pauses.length = 0;
    timers.held = false;
    const { setTimeout } = globalThis;
    vi.spyOn(globalThis, 'setTimeout').mockImplementation((callback, milliseconds, ...args) => {
      const { stack = '' } = new Error();
      if (stack.includes('/timeout.')) {
        timers.expire = () => {
          if (!timers.held) callback();
        };
      }
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
