import { randomInt } from 'node:crypto';
import * as fc from 'fast-check';

/** Always the same, so that `make test` is reproducible. */
const USUAL_SEED = 20261121;
/** After so many, a run by time looks at its watch, and goes on with the next seed. */
const RUNS_OF_A_ROUND = 50;
const { FUZZ_SECONDS, FUZZ_SEED, FUZZ_PATH } = process.env;

/** How long to run, in seconds; undefined for a fixed number of runs. */
export const fuzzSeconds = FUZZ_SECONDS === undefined ? undefined : Number(FUZZ_SECONDS);

/** A share of that time. */
export function shareOf(share: number): number | undefined {
  return fuzzSeconds === undefined ? undefined : share * fuzzSeconds;
}

/** What the random numbers begin with: given, always the same, or new for a run of so many seconds. */
export const fuzzSeed =
  FUZZ_SEED === undefined
    ? fuzzSeconds === undefined
      ? USUAL_SEED
      : randomInt(2 ** 31)
    : Number(FUZZ_SEED);

interface Options<Value> {
  /** The name of the test, which finds it again. */
  readonly name: string;
  readonly value: fc.Arbitrary<Value>;
  readonly check: (value: Value) => Promise<void>;
  /** How to show the smallest value that fails. */
  readonly show: (value: Value) => string;
  /** How many values to check, unless it is by time. */
  readonly runs: number;
  /** How many seconds to take instead. */
  readonly seconds?: number | undefined;
}

/**
 * Checks that something holds for many random values.
 *
 * @throws an error that shows the smallest value for which it does not, and how to check that one again
 */
export async function holdsForAll<Value>(options: Options<Value>): Promise<void> {
  const { value, check, runs, seconds = 0 } = options;
  const property = fc.asyncProperty(value, check);
  const end = Date.now() + seconds * 1000;
  const numRuns = seconds === 0 ? runs : RUNS_OF_A_ROUND;
  let seed = fuzzSeed;
  do {
    const replay = FUZZ_PATH === undefined ? {} : { path: FUZZ_PATH };
    const details = await fc.check(property, { seed, numRuns, ...replay });
    if (details.failed) throw failure(options, details);
    seed = (seed + 1) % 2 ** 31;
  } while (Date.now() < end && FUZZ_PATH === undefined);
}

function failure<Value>({ name, show }: Options<Value>, details: fc.RunDetails<[Value]>): Error {
  const { seed, counterexample, counterexamplePath, numShrinks, errorInstance } = details;
  // Where it began is enough; the way from there to the smallest value may be very long.
  const [path = ''] = (counterexamplePath ?? '').split(':');
  const lines = [
    errorInstance instanceof Error ? errorInstance.message : String(errorInstance),
    counterexample ? show(counterexample[0]) : 'There is no counterexample.',
    `Shrunk ${numShrinks} times. To check it again:`,
    `FUZZ_SEED=${seed} FUZZ_PATH=${path} npm run fuzz -- -t '${name}'`,
  ];
  return new Error(lines.join('\n\n'));
}
