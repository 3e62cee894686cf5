import { randomInt } from 'node:crypto';
import * as fc from 'fast-check';

/** A fixed seed, so that `make test` is reproducible. */
const USUAL_SEED = 20261121;
/** After this many values, a timed run checks the time and continues with the next seed. */
const RUNS_OF_A_ROUND = 50;
const { FUZZ_SECONDS, FUZZ_SEED, FUZZ_PATH } = process.env;

/** The duration of a timed run in seconds; undefined for a fixed number of values. */
export const fuzzSeconds = FUZZ_SECONDS === undefined ? undefined : Number(FUZZ_SECONDS);

/** A share of that time. */
export function shareOf(share: number): number | undefined {
  return fuzzSeconds === undefined ? undefined : share * fuzzSeconds;
}

/** The seed: the given one, a random one for a timed run, or else the fixed one. */
export const fuzzSeed =
  FUZZ_SEED === undefined
    ? fuzzSeconds === undefined
      ? USUAL_SEED
      : randomInt(2 ** 31)
    : Number(FUZZ_SEED);

interface Options<Value> {
  /** The name of the test, to run it again. */
  readonly name: string;
  readonly value: fc.Arbitrary<Value>;
  readonly check: (value: Value) => Promise<void>;
  /** Formats the smallest failing value. */
  readonly show: (value: Value) => string;
  /** How many values to check, except in a timed run. */
  readonly runs: number;
  /** The duration of a timed run in seconds. */
  readonly seconds?: number | undefined;
}

/**
 * Checks a property for many random values.
 *
 * @throws an error with the smallest failing value and a command to check it again
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
  // The start of the path is enough; the steps to the smallest value can be very many.
  const [path = ''] = (counterexamplePath ?? '').split(':');
  const lines = [
    errorInstance instanceof Error ? errorInstance.message : String(errorInstance),
    counterexample ? show(counterexample[0]) : 'There is no counterexample.',
    `Shrunk ${numShrinks} times. To check it again:`,
    `FUZZ_SEED=${seed} FUZZ_PATH=${path} npm run fuzz -- -t '${name}'`,
  ];
  return new Error(lines.join('\n\n'));
}
