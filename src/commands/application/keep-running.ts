import { setTimeout as delay } from 'node:timers/promises';
import { ProgramError } from '../../errors/program-error.ts';
import type { Program } from './program.ts';

const MAX_DEATHS = 5;
const PERIOD_MS = 60_000;
const FIRST_DELAY_MS = 200;

/**
 * Starts a program again whenever it ends, with a delay that doubles with each of its deaths within a minute. Never resolves
 * after `stop` is aborted.
 *
 * @param program the running program
 * @param restart starts it again
 * @throws {ProgramError} with the reason, when it ends for the fifth time within a minute
 */
export async function keepRunning(
  program: Program,
  restart: () => Program,
  stop: AbortSignal,
): Promise<never> {
  const deaths: number[] = [];
  for (let current = program; ; current = restart()) {
    const reason = await current.crashed.catch((error: unknown) =>
      error instanceof Error ? error.message : String(error),
    );
    const now = performance.now();
    deaths.push(now);
    const recent = deaths.filter((time) => now - time < PERIOD_MS).length;
    if (recent === MAX_DEATHS)
      throw new ProgramError(`${reason}, for the fifth time within a minute`);
    process.stderr.write(`${reason}; it is started again\n`);
    await delay(FIRST_DELAY_MS * 2 ** (recent - 1), undefined, { signal: stop }).catch(
      () => new Promise(() => undefined),
    );
  }
}
