import { setTimeout as delay } from 'node:timers/promises';
import { createRestartDelays } from '../../restarts/restart-delays.ts';
import type { Program } from './program.ts';

/**
 * Restarts a program whenever it exits, with the delay of `createRestartDelays`. Never resolves after `stop` is aborted.
 *
 * @param program the running program
 * @param restart restarts it
 * @throws {ProgramError} with the reason, when it exits for the fifth time within a minute
 */
export async function keepRunning(
  program: Program,
  restart: () => Program,
  stop: AbortSignal,
): Promise<never> {
  const delayAfter = createRestartDelays();
  for (let current = program; ; current = restart()) {
    const reason = await current.crashed.catch((error: unknown) =>
      error instanceof Error ? error.message : String(error),
    );
    const delayMs = delayAfter(reason);
    process.stderr.write(`${reason}; restarting it\n`);
    await delay(delayMs, undefined, { signal: stop }).catch(() => new Promise(() => undefined));
  }
}
