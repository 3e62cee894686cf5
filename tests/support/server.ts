import { setTimeout } from 'node:timers/promises';
import { DatabaseError, Pool } from 'pg';
import { connectionOptions } from '../../src/db/connection/connection-options.ts';

/** The URL of another database of the same server. */
export function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** PostgreSQL needs about 10 ms of CPU time for a new connection, so tests that need one again soon use the same. */
const IDLE_MS = 300;
const pools = new Map<string, Promise<Pool>>();

/** Runs one statement outside a transaction, and returns its rows. */
export async function administer(
  serverUrl: string,
  statement: string,
): Promise<Record<string, unknown>[]> {
  let pool = pools.get(serverUrl);
  if (!pool) {
    pool = openPool(serverUrl);
    pools.set(serverUrl, pool);
  }
  return (await (await pool).query<Record<string, unknown>>(statement)).rows;
}

async function openPool(serverUrl: string): Promise<Pool> {
  const options = await connectionOptions(serverUrl);
  const pool = new Pool({ ...options, idleTimeoutMillis: IDLE_MS, allowExitOnIdle: true });
  // The tests end servers, databases and connections.
  pool.on('error', () => undefined);
  return pool;
}

const INSUFFICIENT_PRIVILEGE = '42501';
const TRIES = 100;
const PAUSE_MS = 100;

/**
 * Drops a database, if it is there, with all connections to it. PostgreSQL may be cleaning up in it, which only a superuser
 * may end: then it waits, for ten seconds at most.
 */
export async function dropDatabase(serverUrl: string, database: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await administer(serverUrl, `drop database if exists ${database} with (force)`);
      return;
    } catch (error) {
      const busy = error instanceof DatabaseError && error.code === INSUFFICIENT_PRIVILEGE;
      if (!busy || tries === TRIES) throw error;
    }
    await setTimeout(PAUSE_MS);
  }
}
