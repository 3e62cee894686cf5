import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 100;
const STOP_MS = 9_000;

/** A program of the application, in a process of its own. */
export interface Program {
  /** Resolves once the address answers with success. Rejects when the program ends before that, unless it was asked to. */
  ready(url: string): Promise<void>;
  /** Rejects when the program ends without having been asked to; never resolves. */
  readonly crashed: Promise<never>;
  /** Asks it to end, and waits for that; ends it by force when it takes longer than nine seconds. */
  stop(): Promise<void>;
}

/**
 * Starts a script of this project, or of a dependency.
 *
 * @param log takes what it writes, instead of the output of this process
 */
export function startProgram(
  name: string,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  log?: (text: string) => void,
): Program {
  const output = log ? 'pipe' : 'inherit';
  const child = spawn(process.execPath, args, {
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-assertion -- Next.js's types, where they are loaded, want a NODE_ENV.
    env: environment as NodeJS.ProcessEnv,
    stdio: ['ignore', output, output],
    // A Ctrl-C in the terminal is for this process, which stops its programs in their order.
    detached: true,
  });
  if (log)
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', log);
  let stopping = false;
  const ended = once(child, 'exit');
  const crashed = ended.then(([code, signal]): Promise<never> => {
    if (stopping) return new Promise(() => undefined);
    return Promise.reject(new ProgramError(`The ${name} has ended (${String(code ?? signal)})`));
  });
  // Whoever waits for something else meanwhile hears of it later.
  crashed.catch(() => undefined);
  const gone = new AbortController();
  const end = () => {
    gone.abort();
  };
  void ended.then(end, end);

  return {
    crashed,
    async ready(url) {
      if (!(await answers(url, gone.signal))) await crashed;
    },
    async stop() {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      signal(child, 'SIGTERM');
      const patience = new AbortController();
      void delay(STOP_MS, undefined, { signal: patience.signal }).then(
        () => {
          signal(child, 'SIGKILL');
        },
        () => undefined,
      );
      await ended;
      patience.abort();
    },
  };
}

/** The end of a program that nobody asked for; what led to it, the program has told itself. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
}

/** Asks until the address answers with success: true, or nobody is left to ask: false, lest that keep this process. */
async function answers(url: string, gone: AbortSignal): Promise<boolean> {
  while (!gone.aborted) {
    const answered = await fetch(url, { signal: gone })
      .then(isSuccess)
      .catch(() => false);
    if (answered) return true;
    await delay(POLL_MS);
  }
  return false;
}

async function isSuccess(response: Response): Promise<boolean> {
  await response.body?.cancel();
  return response.ok;
}

/** To the program and whatever it has started. */
function signal({ pid }: ChildProcess, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch {
    // It has ended meanwhile.
  }
}
