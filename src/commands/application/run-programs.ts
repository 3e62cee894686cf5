import { keepRunning } from './keep-running.ts';
import { type Program, startProgram } from './program.ts';
import { showStep } from './step.ts';

export interface ProgramPlan {
  readonly name: string;
  /** A script and its arguments, for Node.js. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Which output is shown; by default all. */
  readonly output?: 'all' | 'errors';
  /** The URL that responds with a success status when the program is ready. */
  readonly ready: string;
}

interface Options {
  /** In the order in which they start. */
  readonly programs: readonly ProgramPlan[];
  /** Printed when all programs are ready. */
  readonly greeting: string;
  /** Resolves when the programs have to stop; rejects if they cannot go on. */
  readonly stopping: Promise<unknown>;
}

/**
 * Starts programs one after the other, and stops them in reverse order when `stopping` settles. A program that exits before
 * that is restarted.
 *
 * @throws {ProgramError} if a program ends before all are ready, or five times within a minute
 * @throws what `stopping` rejects with
 */
export async function runPrograms({ programs, greeting, stopping }: Options): Promise<void> {
  const stop = new AbortController();
  const abort = () => {
    stop.abort();
  };
  stopping.then(abort, abort);
  const running = new Map<ProgramPlan, Program>();
  const start = (plan: ProgramPlan): Program => {
    const { name, args, environment, output } = plan;
    const program = startProgram(name, args, environment, output);
    running.set(plan, program);
    return program;
  };
  try {
    for (const plan of programs) {
      if (stop.signal.aborted) return;
      await showStep(`Starting the ${plan.name}`, () =>
        Promise.race([start(plan).ready(plan.ready), stopping]),
      );
    }
    if (!stop.signal.aborted) process.stdout.write(greeting);
    const kept = [...running].map(([plan, program]) =>
      keepRunning(program, () => start(plan), stop.signal),
    );
    await Promise.race([stopping, ...kept]);
  } finally {
    stop.abort();
    for (const program of [...running.values()].toReversed()) await program.stop();
  }
}
