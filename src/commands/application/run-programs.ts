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
  /** Resolves when the programs have to stop. */
  readonly stopping: Promise<unknown>;
}

/**
 * Starts programs one after the other, and stops them in reverse order when `stopping` resolves.
 *
 * @throws {ProgramError} if a program ends before that
 */
export async function runPrograms({ programs, greeting, stopping }: Options): Promise<void> {
  const stop = new AbortController();
  void stopping.then(() => {
    stop.abort();
  });
  const running: Program[] = [];
  try {
    for (const { name, args, environment, output, ready } of programs) {
      if (stop.signal.aborted) return;
      await showStep(`Starting the ${name}`, async () => {
        const program = startProgram(name, args, environment, output);
        running.unshift(program);
        await Promise.race([program.ready(ready), stopping]);
      });
    }
    if (!stop.signal.aborted) process.stdout.write(greeting);
    await Promise.race([stopping, ...running.map(({ crashed }) => crashed)]);
  } finally {
    for (const program of running) await program.stop();
  }
}
