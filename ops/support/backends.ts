import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../src/commands/free-port.ts';
import { isListening } from '../../src/embedded-postgres/server.ts';
import { ConfigError } from '../../src/errors/config-error.ts';
import { ProgramError } from '../../src/errors/program-error.ts';

const START_TIMEOUT_MS = 10_000;
const POLL_MS = 50;

/** A program of Debian that is not part of this project. */
interface Backend extends AsyncDisposable {
  readonly url: string;
}

/**
 * Starts a Redis server that stores nothing on disk.
 *
 * @throws {ConfigError} if it is not installed
 */
export async function startRedis(): Promise<Backend> {
  const program = findProgram('redis-server');
  const port = await localPort();
  const settings = `--port ${port} --bind 127.0.0.1 --save --appendonly no`.split(' ');
  const child = spawn(program, settings, { stdio: 'ignore', detached: true });
  await untilReady('Redis', child, () => isListening(port));
  return { url: `redis://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => stop(child) };
}

/**
 * Starts HAProxy on a port. It asks `/readyz` of each service twice a second, and sends requests in turn to those that are ready.
 *
 * @param ports of the services on this machine
 * @throws {ConfigError} if it is not installed
 */
export async function startHaproxy(port: number, ports: readonly number[]): Promise<Backend> {
  const program = findProgram('haproxy');
  const directory = await mkdtemp(join(tmpdir(), 'tasks-api-haproxy-'));
  const file = join(directory, 'haproxy.cfg');
  await writeFile(file, configurationOf(port, ports));
  const child = spawn(program, ['-db', '-f', file], { stdio: 'ignore', detached: true });
  const url = `http://127.0.0.1:${port}`;
  await untilReady('HAProxy', child, () => isListening(port));
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      await stop(child);
      await rm(directory, { recursive: true });
    },
  };
}

const configurationOf = (port: number, ports: readonly number[]) => `defaults
  mode http
  timeout connect 2s
  timeout check 2s
  timeout client 60s
  timeout server 30s
  option redispatch
  option forwardfor
  retries 3
frontend clients
  bind 127.0.0.1:${port}
  default_backend services
backend services
  balance roundrobin
  option httpchk GET /readyz
${ports.map((service, n) => `  server replica${n + 1} 127.0.0.1:${service} check inter 500ms fall 2 rise 1`).join('\n')}
`;

/** A free port of the loopback interface. */
export const localPort = () => freePort('PORT', '0', '127.0.0.1', '');

/** Debian installs servers in directories that are not on the `PATH` of ordinary users. */
function findProgram(name: string): string {
  const directories = ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin'];
  const path = directories.map((directory) => join(directory, name)).find(existsSync);
  if (path !== undefined) return path;
  throw new ConfigError(`${name} is not installed; on Debian: apt-get install ${name}`);
}

async function untilReady(
  name: string,
  child: ChildProcess,
  isReady: () => Promise<boolean>,
): Promise<void> {
  const failed = async (reason: Promise<unknown>) => {
    await reason;
    throw new ProgramError(`${name} did not start`);
  };
  const poll = async () => {
    while (!(await isReady())) await sleep(POLL_MS);
  };
  try {
    const timeout = sleep(START_TIMEOUT_MS, undefined, { ref: false });
    await Promise.race([poll(), failed(once(child, 'exit')), failed(timeout)]);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}
