import { setTimeout as sleep } from 'node:timers/promises';
import { createRestartDelays } from '../restarts/restart-delays.ts';

const INTERVAL_MS = 1000;
const ENDED = 'PostgreSQL has exited';

interface Options {
  readonly isRunning: () => Promise<boolean>;
  readonly restart: () => Promise<void>;
  /** Reports that the server has exited, and that it is running again. */
  readonly warn: (message: string) => void;
  /** Ends the watch. */
  readonly signal: AbortSignal;
}

/**
 * Checks a server every second, and restarts it when it has exited, with the delay of `createRestartDelays`. A start that
 * fails counts as an end. Resolves when the signal is aborted.
 *
 * @throws {ProgramError} with the reason, when it has exited for the fifth time within a minute
 */
export async function watchServer({ isRunning, restart, warn, signal }: Options): Promise<void> {
  const delayAfter = createRestartDelays();
  /** Waits, and returns whether the watch was ended in the meantime. */
  const endsWithin = (ms: number) => sleep(ms, false, { ref: false, signal }).catch(() => true);
  let reason = ENDED;
  for (;;) {
    if (await endsWithin(INTERVAL_MS)) return;
    if (await isRunning()) {
      reason = ENDED;
      continue;
    }
    const delayMs = delayAfter(reason);
    warn(`${reason}; restarting it`);
    if (await endsWithin(delayMs)) return;
    try {
      await restart();
      reason = ENDED;
      warn('PostgreSQL is running again');
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
  }
}
