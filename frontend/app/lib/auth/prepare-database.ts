import { BetterAuthError } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import type { PostgresPool } from 'kysely';
import type { Client } from 'pg';
import { connect, createClient, disconnect } from '../../../../src/db/connection/client.ts';
import type { ConnectionOptions } from '../../../../src/db/connection/connection-options.ts';
import { connectionFailure } from '../../../../src/db/connection/connection-failure.ts';
import { type Auth, createAuth } from '../auth.ts';
import type { Config } from '../config.ts';
import { tablesOf } from './database.ts';

/** The advisory lock of all processes that start with the same database. An arbitrary number. */
const LOCK = 7_280_114_563;
const LOCK_SECONDS = 60;

/**
 * Creates or migrates the schema `auth`, and ensures that there is a signing key, in one transaction. An advisory lock lets one
 * process at a time do this.
 *
 * @throws {ConfigError} if it cannot connect to the database
 * @throws {Error} if a statement fails, or if the stored keys are encrypted with another secret
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
    // At `warn` it would report every `int8` column, which it has created itself.
    const logger = { ...auth.options.logger, level: 'error' } as const;
    const { runMigrations } = await getMigrations({ ...auth.options, logger });
    await runMigrations();
    await ensureSigningKey(auth);
    await client.query('commit');
  } finally {
    await disconnect(client);
  }
}

/** Signs a token, which creates the first key or proves that the secret can decrypt the existing one. */
async function ensureSigningKey(auth: Auth): Promise<void> {
  try {
    await auth.api.signJWT({ body: { payload: { sub: 'start' } } });
  } catch (error) {
    if (!(error instanceof BetterAuthError) || !/decrypt/i.test(error.message)) throw error;
    throw new Error(
      'BETTER_AUTH_SECRET: cannot decrypt the keys in the database; set the secret that encrypted them, ' +
        'or delete all rows of auth.jwks to create a new key, which invalidates all tokens',
      { cause: error },
    );
  }
}

/** A pool that always returns this connection, whose transaction holds the lock. */
function poolOf(client: Client): PostgresPool {
  const pooled = { query: client.query.bind(client), release: () => undefined };
  return { connect: () => Promise.resolve(pooled), end: () => Promise.resolve() };
}
