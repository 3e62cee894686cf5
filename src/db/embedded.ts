import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { connect, createClient, disconnect } from './client.ts';
import { connectionOptions } from './connection.ts';
import { type Cluster, openCluster } from './embedded/cluster.ts';
import { forgetServer, serverPort, startServer, stopServer } from './embedded/server.ts';

interface Options {
  /** Holds the data (`postgres/`) and PostgreSQL's log (`postgres.log`); made when absent. */
  dataDir: string;
  log: (message: string) => void;
}

/**
 * Every service holds this advisory lock shared for its life, and whoever gets it exclusively stops the server.
 * A service that is killed leaves no lock behind.
 */
const LEASE = 8_151_623;

const PATIENCE_MS = 60_000;
const RETRY_MS = 200;
/** Refused for that many attempts on end, a server is none: it listens within moments of writing its process id. */
const REFUSALS = 15;

/**
 * A real PostgreSQL from npm for development and tests: joins the server that runs on the data directory, or starts one.
 * Several services may share a data directory; `stop` of the last one stops the server. It may be called again.
 *
 * @returns the URL of the database `tasks`, as its owner, who may also create databases
 * @throws {ConfigError} when this machine or the data directory cannot be used
 * @throws {Error} when the server does not start, with PostgreSQL's reason
 */
export async function startEmbedded({
  dataDir,
  log,
}: Options): Promise<{ url: string; stop(): Promise<void> }> {
  const cluster = await openCluster(resolve(dataDir), log);
  const { port, lease } = await joinServer(cluster);
  let stopped: Promise<void> | undefined;
  return {
    url: databaseUrl(cluster, port, 'tasks'),
    stop: () => (stopped ??= leaveServer(cluster, port, lease, log)),
  };
}

async function joinServer(cluster: Cluster): Promise<{ port: number; lease: Client }> {
  const deadline = Date.now() + PATIENCE_MS;
  let refusals = 0;
  let cause: unknown;
  while (Date.now() < deadline) {
    const port = await serverPort(cluster);
    if (port !== undefined) {
      try {
        return { port, lease: await takeLease(cluster, port) };
      } catch (error) {
        cause = error;
        refusals = (error as NodeJS.ErrnoException).code === 'ECONNREFUSED' ? refusals + 1 : 0;
      }
    } else {
      if (await startServer(cluster)) continue;
      refusals += 1;
    }
    if (refusals >= REFUSALS) await forgetServer(cluster);
    await sleep(RETRY_MS);
  }
  throw new Error(`PostgreSQL in ${cluster.directory} does not answer: ${String(cause)}`, {
    cause,
  });
}

async function takeLease(cluster: Cluster, port: number): Promise<Client> {
  const lease = await connectTo(cluster, port, 'postgres');
  try {
    // Waits for one who is about to stop the server, and ends with it.
    await lease.query('SELECT pg_advisory_lock_shared($1)', [LEASE]);
    // A server that is stopping may grant the lock yet, but takes no new connection.
    await disconnect(await connectTo(cluster, port, 'tasks'));
    return lease;
  } catch (error) {
    await disconnect(lease);
    throw error;
  }
}

async function leaveServer(
  cluster: Cluster,
  port: number,
  lease: Client,
  log: Options['log'],
): Promise<void> {
  await disconnect(lease);
  let last: Client;
  try {
    last = await connectTo(cluster, port, 'postgres');
  } catch {
    // Stopped by another one, or crashed: there is nothing to stop.
    return;
  }
  try {
    const { rows } = await last.query<{ alone: boolean }>(
      'SELECT pg_try_advisory_lock($1) AS alone',
      [LEASE],
    );
    if (rows[0]?.alone) await stopServer(cluster);
  } catch (error) {
    log(`PostgreSQL in ${cluster.directory} was not stopped: ${String(error)}`);
  } finally {
    await disconnect(last);
  }
}

async function connectTo(cluster: Cluster, port: number, database: string): Promise<Client> {
  const client = createClient({
    ...(await connectionOptions(`${databaseUrl(cluster, port, database)}?sslmode=disable`)),
    application_name: 'tasks-api-lease',
    query_timeout: 10_000,
  });
  await connect(client);
  return client;
}

function databaseUrl({ password }: Cluster, port: number, database: string): string {
  return `postgres://tasks:${password}@127.0.0.1:${port}/${database}`;
}
