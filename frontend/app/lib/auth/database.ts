import { PostgresDialect, type PostgresPool } from 'kysely';
import { type ClientBase, type ClientConfig, type CustomTypesConfig, Pool, types } from 'pg';
import { createClient } from '../../../../src/db/client.ts';
import { type ConnectionOptions, connectionOptions } from '../../../../src/db/connection.ts';
import { log } from '../log.ts';

const QUERY_MS = 5000;
const SCHEMA = 'auth';

/** Better Auth reckons with its times, which are whole numbers of eight bytes. */
const numbers: CustomTypesConfig = {
  getTypeParser: (id, format) =>
    id === types.builtins.INT8 ? Number : (types.getTypeParser(id, format) as never),
};

/**
 * How to connect to the database, read from its URL as the service reads it.
 *
 * @throws {ConfigError} when the URL makes no sense, or the server does not answer the question for TLS
 */
export async function authConnection(databaseUrl: string): Promise<ConnectionOptions> {
  const options = await connectionOptions(databaseUrl);
  return { ...options, query_timeout: QUERY_MS, types: numbers };
}

/** Connections, made when they are needed. Each waits five seconds at most to be had, and five for an answer. */
export function openPool(options: ConnectionOptions, size: number): Pool {
  const pool = new Pool({ ...options, max: size, Client: clientOf(options) });
  pool.on('error', (error) => {
    log('warn', 'a connection to the database was lost', error);
  });
  return pool;
}

/** Where Better Auth finds its tables. */
export interface AuthTables {
  readonly dialect: PostgresDialect;
  readonly type: 'postgres';
  readonly schemaName: string;
  readonly transaction: boolean;
}

/** Better Auth's tables, in a schema of their own. PgBouncer may be between: nothing is set on a connection. */
export function tablesOf(pool: PostgresPool): AuthTables {
  return {
    dialect: new PostgresDialect({ pool }),
    type: 'postgres',
    schemaName: SCHEMA,
    transaction: true,
  };
}

/** The pool makes its clients with `new`; the service's are made by a function. */
function clientOf(options: ConnectionOptions): new (config?: ClientConfig) => ClientBase {
  return function client() {
    return createClient(options);
  } as unknown as new () => ClientBase;
}
