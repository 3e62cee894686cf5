/** Whether `make faults` runs the tests: in full length, and with limits of time. `make test` runs them for seconds. */
export const isLong = process.env['FAULTS'] === '1';

/**
 * How many writes, requests or seconds a test takes.
 *
 * @param name the environment variable that changes it, as in `make faults writes=1000`
 */
export function sizeOf(name: string, { long, short }: { long: number; short: number }): number {
  const given = isLong ? process.env[name] : undefined;
  if (given === undefined || given === '') return isLong ? long : short;
  if (!/^[1-9]\d*$/.test(given)) throw new Error(`${name}=${given}: expected a positive integer`);
  return Number(given);
}
