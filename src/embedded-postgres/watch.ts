import { setTimeout as sleep } from 'node:timers/promises';

const INTERVAL_MS = 1000;
const MAX_INTERVAL_MS = 30_000;

interface Options {
  readonly isRunning: () => Promise<boolean>;
  readonly restart: () => Promise<void>;
  /** Reports that the server has ended, and whether it runs again. */
  readonly warn: (message: string) => void;
  /** Ends the watch. */
  readonly signal: AbortSignal;
}

/**
 * Checks a server every second, and starts it again when it has ended. The delay doubles with each start after which the server
 * does not run at the next check, up to 30 s. Resolves when the signal is aborted.
 */
export async function watchServer({ isRunning, restart, warn, signal }: Options): Promise<void> {
  let interval = INTERVAL_MS;
  for (;;) {
    await sleep(interval, undefined, { ref: false, signal }).catch(() => undefined);
    if (signal.aborted) return;
    if (await isRunning()) {
      interval = INTERVAL_MS;
      continue;
    }
    warn('PostgreSQL has ended; it is started again');
    try {
      await restart();
      warn('PostgreSQL runs again');
    } catch (error) {
      warn(String(error));
    }
    interval = Math.min(2 * interval, MAX_INTERVAL_MS);
  }
}
