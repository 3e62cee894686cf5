import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { connect as connectSocket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, createClient, disconnect } from '../db/connection/client.ts';
import { connectionOptions } from '../db/connection/connection-options.ts';
import type { DataDirectory } from './data-directory.ts';
import { run } from './run.ts';

const START_SECONDS = 60;
const START_ATTEMPTS = 3;
/** Less than the 10 seconds in which a service has to stop. After that, PostgreSQL continues to stop. */
const STOP_SECONDS = 7;
/** A server accepts connections much sooner than this after it wrote its PID file. */
const LISTEN_TIMEOUT_MS = 3000;
const POLL_MS = 100;
/** IANA assigns these ports to nothing, and Linux gives them to no outgoing connection: a server that has crashed gets its port again. */
const [FIRST_PORT, LAST_PORT] = [61_000, 65_535];

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 200,
  // Keeps the users' data out of the log.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};

/**
 * Starts a server on the data directory, unless one is running, and waits until it accepts connections. Only one process may do
 * this at a time.
 *
 * @param samePort the port to listen on; by default that of a server that has crashed, if it is free, or else a random one
 * @returns the URL of the database `tasks`
 * @throws {Error} with PostgreSQL's reason, if it does not start
 */
export async function ensureServer(data: DataDirectory, samePort?: number): Promise<string> {
  const crashed = samePort ?? (await crashedPort(data));
  for (let attempt = 1; ; attempt++) {
    const running = await runningPort(data);
    if (running !== undefined) return databaseUrl(data, running);
    const port = samePort ?? (attempt === 1 ? crashed : undefined) ?? randomPort();
    // A file without a server, left by a crash or copied with the data. Should there be a server after all, PostgreSQL's lock on
    // its shared memory prevents a second one.
    await rm(pidFile(data), { force: true });
    try {
      await startServer(data, port);
      return databaseUrl(data, port);
    } catch (error) {
      // Another program can have the port, and the processes of a killed server need a moment to end.
      if (attempt === START_ATTEMPTS) throw error;
      await sleep(1000);
    }
  }
}

/** Stops the server, if one is running. Its connections are closed. */
export async function stopServer(data: DataDirectory): Promise<void> {
  if ((await recordedPort(data)) === undefined) return;
  const { path, programs, account } = data;
  const options = ['-m', 'fast', '-w', '-t', String(STOP_SECONDS), '-s'];
  await run(programs.pgCtl, ['stop', '-D', path, ...options], { account });
}

/** The port of the running server, as soon as it accepts connections: it can be starting, recovering or stopping. */
async function runningPort(data: DataDirectory): Promise<number | undefined> {
  const start = Date.now();
  for (;;) {
    const port = await recordedPort(data);
    if (port === undefined) return undefined;
    const failure = await connectionError(databaseUrl(data, port));
    if (failure === undefined) return port;
    const waited = Date.now() - start;
    if (failure === 'ECONNREFUSED' && waited > LISTEN_TIMEOUT_MS) return undefined;
    if (waited > START_SECONDS * 1000)
      throw new Error(`PostgreSQL in ${data.path} does not accept connections: ${failure}`);
    await sleep(POLL_MS);
  }
}

/** Whether a server listens on a port of this machine. One that is overloaded or suspended still does. */
export async function isListening(port: number): Promise<boolean> {
  const socket = connectSocket(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ECONNREFUSED';
  } finally {
    socket.destroy();
  }
}

/** The port in the PID file, if that is for this directory and its process runs. */
async function recordedPort(data: DataDirectory): Promise<number | undefined> {
  const { pid, port } = await readPidFile(data);
  return isAlive(pid) ? port : undefined;
}

/** The port of a server that did not remove its PID file: services can still be using it. */
async function crashedPort(data: DataDirectory): Promise<number | undefined> {
  const { port = 0 } = await readPidFile(data);
  return port >= FIRST_PORT && port <= LAST_PORT ? port : undefined;
}

/** The content of the PID file, if that is for this directory. */
async function readPidFile(data: DataDirectory): Promise<{ pid: number; port?: number }> {
  // https://www.postgresql.org/docs/current/storage-file-layout.html
  const lines = (await readFile(pidFile(data), 'utf8').catch(() => '')).split('\n');
  const [pid, directory, , port] = lines;
  return directory === data.path ? { pid: Number(pid), port: Number(port) } : { pid: NaN };
}

/** Whether a process is running that this user may signal. A server on this data always is one. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Why a connection to the database fails, as an error code where there is one; undefined if it succeeds. */
async function connectionError(url: string): Promise<string | undefined> {
  try {
    const client = createClient(await connectionOptions(`${url}?sslmode=disable`));
    await connect(client);
    await disconnect(client);
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

const randomPort = () => randomInt(FIRST_PORT, LAST_PORT + 1);

async function startServer(
  { path, programs, account }: DataDirectory,
  port: number,
): Promise<void> {
  const settings = Object.entries({ ...SETTINGS, port })
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
  const logFile = join(path, 'postgres.log');
  const options = ['-w', '-t', String(START_SECONDS), '-s', '-l', logFile, '-o', settings];
  try {
    await run(programs.pgCtl, ['start', '-D', path, ...options], { account });
  } catch (cause) {
    const errors = (await readFile(logFile, 'utf8').catch(() => '')).match(/FATAL: .*/g);
    throw new Error(
      `PostgreSQL did not start: ${errors?.at(-1) ?? String(cause)} (see ${logFile})`,
      { cause },
    );
  }
}

const pidFile = ({ path }: DataDirectory) => join(path, 'postmaster.pid');

const databaseUrl = ({ password }: DataDirectory, port: number) =>
  `postgres://tasks:${password}@127.0.0.1:${port}/tasks`;
