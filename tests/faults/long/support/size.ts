/** Whether `make faults` runs the tests: in full length, and with limits of time. `make test` runs them for seconds. */
export const isLong = process.env['FAULTS'] === '1';

/** The environment variables that shorten the tests, or select some. */
const NAMES = ['writes', 'requests', 'seconds', 'fault', 'only'] as const;
type Name = (typeof NAMES)[number];

const given = (name: Name) => (isLong ? (process.env[name] ?? '') : '');

/** Whether the tests are shortened, or only some run. */
export const isPartial = () => !isLong || NAMES.some((name) => given(name) !== '');

/** A part of the description of the faults to provoke, as in `make faults fault=PgBouncer`; empty for all. */
export const selectedFault = () => given('fault');

/** How many writes, requests or seconds a test takes, which can be changed, as in `make faults writes=1000`. */
export function sizeOf(name: Name, { long, short }: { long: number; short: number }): number {
  const value = given(name);
  if (value === '') return isLong ? long : short;
  if (!/^[1-9]\d*$/.test(value)) throw new Error(`${name}=${value}: expected a positive integer`);
  return Number(value);
}
