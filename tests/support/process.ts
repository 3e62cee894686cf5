import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

type Environment = Record<string, string>;

/** All settings, empty, to override those of `.env` and of the environment of the tests. */
export const unset: Environment = Object.fromEntries(
  [...readFileSync('.env.example', 'utf8').matchAll(/^([A-Z_]+)=/gm)].map(([, name = '']) => [
    name,
    '',
  ]),
);

/** A script of the checkout, or another command and the directory in which it runs. */
type Script = string | { readonly command: string; readonly cwd: string };

function start(script: Script, environment: Environment, args: string[] = []): ChildProcess {
  const { command, cwd, first } =
    typeof script === 'string'
      ? { command: process.execPath, cwd: undefined, first: [script] }
      : { ...script, first: [] };
  return spawn(command, [...first, ...args], {
    cwd,
    env: { ...process.env, ...unset, NODE_ENV: 'development', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A separate process group, as for a program that is started in a terminal.
    detached: true,
  });
}

/** A log entry. */
interface LogLine {
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface ServiceProcess {
  /** For example `http://localhost:40123`. */
  readonly url: string;
  readonly pid: number;
  /** The commands in the greeting; empty without a greeting. */
  readonly pasteable: string;
  /** The development token in the greeting; empty without a greeting. */
  readonly token: string;
  /** The output so far, on standard output and standard error. */
  output(): string;
  /** The log entries so far. Throws if a line outside the greeting is not JSON. */
  log(): LogLine[];
  isRunning(): boolean;
  /** The exit code, or the signal that ended it, when it has exited. */
  readonly exited: Promise<number | string>;
  /** Sends a signal, and waits until the process exits. Returns the exit code, or the signal that ended it. */
  end(signal: NodeJS.Signals, to?: 'process' | 'group'): Promise<number | string>;
}

/** Starts `src/main.ts`, or another script, in a separate process; on a free port, unless the environment specifies one. */
export async function startProcess(
  environment: Environment,
  script: Script = 'src/main.ts',
  ...args: string[]
): Promise<ServiceProcess> {
  const child = start(script, { PORT: '0', LOG_LEVEL: 'trace', ...environment }, args);
  const exited = (once(child, 'exit') as Promise<[number | null, string | null]>).then(
    ([code, signal]) => code ?? signal ?? '',
  );
  let output = '';
  const lastLine =
    environment['NODE_ENV'] === 'production' ? '"msg":"listening"' : 'Stop with Ctrl-C.';
  const started = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk;
        if (output.includes(lastLine)) resolve(output);
      });
    }
    void exited.then(() => {
      reject(new Error(`the process exited during its start: ${output}`));
    });
  });
  const text = await started;
  const find = (pattern: RegExp) => pattern.exec(text)?.[1] ?? '';
  const pid = child.pid ?? NaN;
  return {
    pid,
    url: `http://localhost:${find(/"port":(\d+)/)}`,
    token: find(/TOKEN=(\S+)/),
    pasteable: find(/^( {2}API=.*?)\n\nStop/ms),
    output: () => output,
    log: () =>
      output
        .replace(/^\nThe Tasks API is ready\..*?^Stop with Ctrl-C\.\n\n/ms, '')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as LogLine),
    isRunning: () => child.exitCode === null && child.signalCode === null,
    exited,
    end: async (signal, to = 'process') => {
      process.kill(to === 'group' ? -pid : pid, signal);
      return exited;
    },
  };
}

/** Starts a process as `startProcess` does. If it still runs at the end of the test, it is killed. */
export async function startTestProcess(
  ...args: Parameters<typeof startProcess>
): Promise<ServiceProcess> {
  const service = await startProcess(...args);
  onTestFinished(async () => {
    if (service.isRunning()) await service.end('SIGKILL');
  });
  return service;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script, and waits until it exits. */
export async function runProcess(
  script: Script,
  environment: Environment,
  ...args: string[]
): Promise<Ended> {
  const child = start(script, environment, args);
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'close') as Promise<[number | null]>,
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
  ]);
  return { code, stdout, stderr };
}
