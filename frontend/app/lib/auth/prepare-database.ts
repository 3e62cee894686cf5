import { BetterAuthError } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import type { PostgresPool } from 'kysely';
import type { Client } from 'pg';
import { connect, createClient, disconnect } from '../../../../src/db/client.ts';
import type { ConnectionOptions } from '../../../../src/db/connection.ts';
import { connectionFailure } from '../../../../src/db/connection-failure.ts';
import { type Auth, createAuth } from '../auth.ts';
import type { Config } from '../config.ts';
import { tablesOf } from './database.ts';

/** Of all who start on the same database; any number that others do not use. */
const LOCK = 7_280_114_563;
const LOCK_SECONDS = 60;

/**
 * Makes the schema `auth` and its tables, or brings them up to date, and sees to it that there is a key to sign with:
 * all or nothing, one process after the other.
 *
 * @throws {ConfigError} when the database cannot be connected to
 * @throws {Error} when it refuses, or when the keys in it are under another secret
 */
export async function prepareDatabase(config: Config, options: ConnectionOptions): Promise<void> {
  const client = createClient({ ...options, query_timeout: 2 * LOCK_SECONDS * 1000 });
  await connect(client).catch((error: unknown) => {
    throw connectionFailure(options, error);
  });
  try {
    await client.query('begin');
    await client.query(`set local lock_timeout = '${LOCK_SECONDS}s'`);
    await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
    const auth = createAuth(config, { ...tablesOf(poolOf(client)), transaction: false });
    // It warns of every `int8`, which it has made itself.
    const logger = { ...auth.options.logger, level: 'error' } as const;
    const { runMigrations } = await getMigrations({ ...auth.options, logger });
    await runMigrations();
    await signOnce(auth);
    await client.query('commit');
  } finally {
    await disconnect(client);
  }
}

/** Makes the first key, and shows that the secret opens the one there is. */
async function signOnce(auth: Auth): Promise<void> {
  try {
    await auth.api.signJWT({ body: { payload: { sub: 'start' } } });
  } catch (error) {
    if (!(error instanceof BetterAuthError) || !/decrypt/i.test(error.message)) throw error;
    throw new Error(
      'BETTER_AUTH_SECRET: is not the one that encrypts the keys in the database; ' +
        'set that one again, or delete all rows of auth.jwks, which makes a new key and ends all tokens',
      { cause: error },
    );
  }
}

/** The one connection whose transaction holds the lock, as a pool. */
function poolOf(client: Client): PostgresPool {
  const lent = { query: client.query.bind(client), release: () => undefined };
  return { connect: () => Promise.resolve(lent), end: () => Promise.resolve() };
}
