import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../src/commands/free-port.ts';
import type { ServerKind } from './servers.ts';

const START_SECONDS = 60;
const POLL_MS = 10;

export interface RunningServer {
  /** Its process, the root of its process tree. */
  readonly child: ChildProcess;
  readonly pid: number;
  /** Such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /** Time from the start of the process to the first successful response, in ms. */
  readonly startMs: number;
  stop(): Promise<void>;
}

/**
 * Starts a server on a database, and waits for its first successful response to a list request. Its standard output is
 * `/dev/null`.
 *
 * @throws with what it wrote to standard error, if it ends or does not respond
 */
export async function startServer(
  { title, command, args, environment, ipc }: ServerKind,
  databaseUrl: string,
  token: string,
): Promise<RunningServer> {
  const port = String(await freePort('PORT', '0', '127.0.0.1', ''));
  const start = performance.now();
  const child = spawn(
    command,
    args.map((argument) => (argument === 'PORT' ? port : argument)),
    {
      // Not in the checkout, where the service would read `.env`.
      cwd: tmpdir(),
      env: { PATH: process.env['PATH'], PORT: port, DATABASE_URL: databaseUrl, ...environment },
      stdio: ['ignore', 'ignore', 'pipe', ipc ? 'ipc' : 'ignore'],
      // Ctrl-C reaches only the benchmark, which stops the servers.
      detached: true,
    },
  );
  let stderr = '';
  child.stderr
    ?.setEncoding('utf8')
    .on('data', (text: string) => (stderr = (stderr + text).slice(-5000)));
  const exited = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  const request = { headers: { Authorization: `Bearer ${token}`, Connection: 'close' } };
  const responds = async () => {
    const response = await fetch(`${url}/api/tasks?limit=1`, request).catch(() => undefined);
    await response?.arrayBuffer();
    return response?.ok;
  };
  while (!(await responds())) {
    if (child.exitCode !== null || performance.now() - start > START_SECONDS * 1000) {
      child.kill('SIGKILL');
      throw new Error(`${title} did not start: ${stderr}`);
    }
    await sleep(POLL_MS);
  }
  return {
    child,
    pid: child.pid ?? NaN,
    url,
    startMs: performance.now() - start,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
