import { setTimeout } from 'node:timers/promises';
import { DatabaseError } from 'pg';
import { connect, createClient, disconnect } from '../../src/db/client.ts';
import { connectionOptions } from '../../src/db/connection.ts';

/** The URL of another database of the same server. */
export function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** Runs one statement on a connection of its own, and returns its rows. */
export async function administer(
  serverUrl: string,
  statement: string,
): Promise<Record<string, unknown>[]> {
  const client = createClient(await connectionOptions(serverUrl));
  await connect(client);
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await disconnect(client);
  }
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
