import { fuzzSeconds, fuzzSeed } from './run.ts';

const INTERVAL_MS = 5000;

/** Prints the progress and the final counts of a timed run. Other runs print nothing. */
interface Progress {
  /** Counts an action, such as an operation, by its outcome, such as a status. */
  count(done: string, outcome: string | number): void;
  finish(): void;
}

/** Starts the progress output. */
export function createProgress(counted: string): Progress {
  const counts = new Map<string, Map<string, number>>();
  const start = Date.now();
  let latest = 'starting';
  const print = (line: string) => {
    const seconds = Math.round((Date.now() - start) / 1000);
    if (fuzzSeconds !== undefined) process.stdout.write(`fuzz ${seconds} s  ${line}\n`);
  };
  const total = () => `${[...counts.values()].flatMap(sumOf).reduce(add, 0)} ${counted}`;

  print(`${counted} of seed ${fuzzSeed}`);
  const timer = setInterval(() => {
    print(`${total()}, now ${latest}`);
  }, INTERVAL_MS);
  return {
    count: (done, outcome) => {
      latest = done;
      const outcomes = counts.get(done) ?? new Map<string, number>();
      counts.set(done, outcomes.set(`${outcome}`, (outcomes.get(`${outcome}`) ?? 0) + 1));
    },
    finish: () => {
      clearInterval(timer);
      print(`${total()}:`);
      for (const [done, outcomes] of counts) {
        const each = [...outcomes].toSorted().map(([outcome, count]) => `${outcome}: ${count}`);
        print(`  ${done.padEnd(16)}  ${each.join('  ')}`);
      }
    },
  };
}

const add = (a: number, b: number) => a + b;
const sumOf = (outcomes: ReadonlyMap<string, number>) => [...outcomes.values()].reduce(add, 0);
