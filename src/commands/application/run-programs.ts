import { type Program, startProgram } from './program.ts';

export interface ProgramPlan {
  readonly name: string;
  /** A script and its arguments, for Node.js. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Answers with success when the program is ready. */
  readonly ready: string;
}

interface Options {
  /** In the order of their start. */
  readonly programs: readonly ProgramPlan[];
  /** What to tell when all are ready. */
  readonly greeting: string;
  /** Resolves when they shall end. */
  readonly stopping: Promise<unknown>;
}

/**
 * Runs programs until they shall end: starts one after the other, and stops them in the reverse order.
 *
 * @throws {ProgramError} when one of them ends by itself
 */
export async function runPrograms({ programs, greeting, stopping }: Options): Promise<void> {
  const asked = new AbortController();
  void stopping.then(() => {
    asked.abort();
  });
  const running: Program[] = [];
  try {
    for (const { name, args, environment, ready } of programs) {
      if (asked.signal.aborted) return;
      process.stdout.write(`Starting the ${name} …\n`);
      const program = startProgram(name, args, environment);
      running.unshift(program);
      await Promise.race([program.ready(ready), stopping]);
    }
    if (!asked.signal.aborted) process.stdout.write(greeting);
    await Promise.race([stopping, ...running.map(({ crashed }) => crashed)]);
  } finally {
    for (const program of running) await program.stop();
  }
}
