import { randomInt } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, createClient, disconnect } from '../db/client.ts';
import { connectionOptions } from '../db/connection.ts';
import type { Cluster } from './cluster.ts';
import { run } from './run.ts';

const START_SECONDS = 60;
const START_ATTEMPTS = 3;
/** Less than the 10 seconds in which a service has to stop. After that, PostgreSQL continues to stop. */
const STOP_SECONDS = 7;
/** A server accepts connections much sooner than this after it wrote its PID file. */
const LISTEN_TIMEOUT_MS = 3000;
const POLL_MS = 100;

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 200,
  // Keeps the users' data out of the log.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};

/**
 * Starts a server on the cluster, unless one is running, and waits until it accepts connections. Only one process may do this
 * at a time.
 *
 * @returns the URL of the database `tasks`
 * @throws {Error} with PostgreSQL's reason, if it does not start
 */
export async function ensureServer(cluster: Cluster): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const port = await runningPort(cluster);
    if (port !== undefined) return databaseUrl(cluster, port);
    // A file without a server, left by a crash or copied with the data. Should there be a server after all, PostgreSQL's lock on
    // its shared memory prevents a second one.
    await rm(pidFile(cluster), { force: true });
    try {
      return databaseUrl(cluster, await startServer(cluster));
    } catch (error) {
      // Another program can have the port, and the processes of a killed server need a moment to end.
      if (attempt === START_ATTEMPTS) throw error;
      await sleep(1000);
    }
  }
}

/** Stops the server, if one is running. Its connections are closed. */
export async function stopServer(cluster: Cluster): Promise<void> {
  if ((await recordedPort(cluster)) === undefined) return;
  const { directory, programs, account } = cluster;
  const options = ['-m', 'fast', '-w', '-t', String(STOP_SECONDS), '-s'];
  await run(programs.pgCtl, ['stop', '-D', directory, ...options], { account });
}

/** The port of the running server, as soon as it accepts connections: it can be starting, recovering or stopping. */
async function runningPort(cluster: Cluster): Promise<number | undefined> {
  const start = Date.now();
  for (;;) {
    const port = await recordedPort(cluster);
    if (port === undefined) return undefined;
    const failure = await connectionError(databaseUrl(cluster, port));
    if (failure === undefined) return port;
    const waited = Date.now() - start;
    if (failure === 'ECONNREFUSED' && waited > LISTEN_TIMEOUT_MS) return undefined;
    if (waited > START_SECONDS * 1000)
      throw new Error(`PostgreSQL in ${cluster.directory} accepts no connections: ${failure}`);
    await sleep(POLL_MS);
  }
}

/** The port in the PID file, if that is for this directory and its process runs. */
async function recordedPort(cluster: Cluster): Promise<number | undefined> {
  // https://www.postgresql.org/docs/current/storage-file-layout.html
  const lines = (await readFile(pidFile(cluster), 'utf8').catch(() => '')).split('\n');
  const [pid, directory, , port] = lines;
  return directory === cluster.directory && isAlive(Number(pid)) ? Number(port) : undefined;
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

async function startServer({ directory, programs, account }: Cluster): Promise<number> {
  // IANA assigns these ports to nothing. If it is in use, the next attempt takes another.
  const port = randomInt(49_152, 65_536);
  const settings = Object.entries({ ...SETTINGS, port })
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
  const logFile = join(directory, 'postgres.log');
  const options = ['-w', '-t', String(START_SECONDS), '-s', '-l', logFile, '-o', settings];
  try {
    await run(programs.pgCtl, ['start', '-D', directory, ...options], { account });
    return port;
  } catch (cause) {
    const errors = (await readFile(logFile, 'utf8').catch(() => '')).match(/FATAL: .*/g);
    throw new Error(
      `PostgreSQL did not start: ${errors?.at(-1) ?? String(cause)} (see ${logFile})`,
      { cause },
    );
  }
}

const pidFile = ({ directory }: Cluster) => join(directory, 'postmaster.pid');

const databaseUrl = ({ password }: Cluster, port: number) =>
  `postgres://tasks:${password}@127.0.0.1:${port}/tasks`;
