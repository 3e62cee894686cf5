import { PostgresDialect, type PostgresPool } from 'kysely';
import { type ClientBase, type ClientConfig, type CustomTypesConfig, Pool, types } from 'pg';
import { createClient } from '../../../../src/db/connection/client.ts';
import {
  type ConnectionOptions,
  connectionOptions,
} from '../../../../src/db/connection/connection-options.ts';
import { log } from '../log.ts';

const SCHEMA = 'auth';

/** Better Auth calculates with its `int8` timestamps, so they have to be numbers. */
const numbers: CustomTypesConfig = {
  getTypeParser: (id, format) =>
    id === types.builtins.INT8 ? Number : (types.getTypeParser(id, format) as never),
};

/**
 * The connection options for a database URL, parsed as the service parses them.
 *
 * @throws {ConfigError} if the URL is invalid, or the server does not respond when asked for TLS
 */
export async function authConnection(databaseUrl: string): Promise<ConnectionOptions> {
  const options = await connectionOptions(databaseUrl);
  return { ...options, types: numbers };
}

/** Creates a connection pool. Opening a connection takes at most five seconds, unless the database URL says otherwise. */
export function openPool(options: ConnectionOptions, size: number): Pool {
  const pool = new Pool({ ...options, max: size, Client: clientOf(options) });
  pool.on('error', (error) => {
    log('warn', 'a connection to the database was lost', error);
  });
  return pool;
}

/** Better Auth's `database` option. */
export interface AuthTables {
  readonly dialect: PostgresDialect;
  readonly type: 'postgres';
  readonly schemaName: string;
  readonly transaction: boolean;
}

/** Better Auth's tables, in a schema of their own. It sets no session variables, so that PgBouncer can be in between. */
export function tablesOf(pool: PostgresPool): AuthTables {
  return {
    dialect: new PostgresDialect({ pool }),
    type: 'postgres',
    schemaName: SCHEMA,
    transaction: true,
  };
}

/** The pool requires a class, but the service's `createClient` is a function. */
function clientOf(options: ConnectionOptions): new (config?: ClientConfig) => ClientBase {
  return function client() {
    return createClient(options);
  } as unknown as new () => ClientBase;
}
