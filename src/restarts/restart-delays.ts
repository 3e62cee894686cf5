import { ProgramError } from '../errors/program-error.ts';

const MAX_ENDS = 5;
const PERIOD_MS = 60_000;
const FIRST_DELAY_MS = 200;

/**
 * Decides when a program that has exited is restarted. The delay is 200 ms, and doubles with each exit within a minute.
 *
 * @returns a function to call with the reason of each exit. It returns the delay in milliseconds, and throws a
 *   `ProgramError` with the reason at the fifth exit within a minute
 */
export function createRestartDelays(): (reason: string) => number {
  const ends: number[] = [];
  return (reason) => {
    const now = performance.now();
    ends.push(now);
    const recent = ends.filter((time) => now - time < PERIOD_MS).length;
    if (recent === MAX_ENDS)
      throw new ProgramError(`${reason}, for the fifth time within a minute`);
    return FIRST_DELAY_MS * 2 ** (recent - 1);
  };
}
