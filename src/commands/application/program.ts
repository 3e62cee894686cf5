import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { ProgramError } from '../../errors/program-error.ts';

const POLL_MS = 100;
const STOP_MS = 9_000;
/** Standard output and standard error of a program. */
const OUTPUTS = {
  all: ['inherit', 'inherit'],
  errors: ['ignore', 'inherit'],
  pipe: ['pipe', 'pipe'],
} as const;

/** A program of the application, in a process of its own. */
export interface Program {
  /** Resolves when the URL responds with a success status. Rejects if the program ends before that, except after `stop`. */
  ready(url: string): Promise<void>;
  /** Rejects when the program ends, except after `stop`. Never resolves. */
  readonly crashed: Promise<never>;
  /** Sends SIGTERM and waits until the program has ended; sends SIGKILL after nine seconds. */
  stop(): Promise<void>;
}

/**
 * Starts a script of this project, or of a dependency.
 *
 * @param output receives what it writes; or whether to show all of that, or only its standard error
 */
export function startProgram(
  name: string,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  output: ((text: string) => void) | 'all' | 'errors' = 'all',
): Program {
  const [out, error] = OUTPUTS[typeof output === 'string' ? output : 'pipe'];
  const child = spawn(process.execPath, args, {
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-assertion -- Next.js's types, where they are loaded, want a NODE_ENV.
    env: environment as NodeJS.ProcessEnv,
    stdio: ['ignore', out, error],
    // Ctrl-C in the terminal must reach only this process, which stops its programs in order.
    detached: true,
  });
  if (typeof output !== 'string')
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', output);
  let stopping = false;
  const ended = once(child, 'exit');
  const crashed = ended.then(([code, signal]): Promise<never> => {
    if (stopping) return new Promise(() => undefined);
    return Promise.reject(new ProgramError(`The ${name} has exited (${String(code ?? signal)})`));
  });
  // A rejection that nobody awaits yet must not end this process.
  crashed.catch(() => undefined);
  const hasEnded = new AbortController();
  const abort = () => {
    hasEnded.abort();
  };
  void ended.then(abort, abort);

  return {
    crashed,
    async ready(url) {
      if (!(await becomesReady(url, hasEnded.signal))) await crashed;
    },
    async stop() {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      signal(child, 'SIGTERM');
      const timeout = new AbortController();
      void delay(STOP_MS, undefined, { signal: timeout.signal }).then(
        () => {
          signal(child, 'SIGKILL');
        },
        () => undefined,
      );
      await ended;
      timeout.abort();
    },
  };
}

/** Polls the URL until it responds with a success status. Returns false if `ended` aborts before. */
async function becomesReady(url: string, ended: AbortSignal): Promise<boolean> {
  while (!ended.aborted) {
    const ready = await fetch(url, { signal: ended })
      .then(isSuccess)
      .catch(() => false);
    if (ready) return true;
    await delay(POLL_MS);
  }
  return false;
}

async function isSuccess(response: Response): Promise<boolean> {
  await response.body?.cancel();
  return response.ok;
}

/** Sends a signal to the program and to all processes that it started. */
function signal({ pid }: ChildProcess, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch {
    // It has already ended.
  }
}
