import { type Client, type FieldDef, types } from 'pg';
import {
  ConnectionError,
  type DriverCommand,
  type DriverFactory,
  type DriverQueryResult,
  createDriverFactory,
} from 'slonik';
import { connect, createClient, disconnect } from './client.ts';
import type { ConnectionOptions } from './connection.ts';
import { toRfc3339 } from './timestamp.ts';

interface Driver {
  factory: DriverFactory;
  /** Destroys all sockets, including those that are still connecting, without waiting for the server. */
  destroyConnections(): void;
}

/** The message of the error that `pg` throws when `query_timeout` has passed. */
const TIMEOUT_MESSAGE = 'Query read timeout';

/**
 * Creates a Slonik driver on `pg`. Unlike Slonik's own driver, it supports all TLS options and a query timeout, and does
 * not read types from the database. A lost connection or a query timeout is a `ConnectionError`; Slonik then removes the
 * connection from its pool.
 */
export function createDriver(options: ConnectionOptions, queryTimeoutMs: number): Driver {
  const clients = new Set<Client>();
  const configuration = {
    ...options,
    keepAlive: true,
    query_timeout: queryTimeoutMs,
    types: { getTypeParser },
  };

  const createPoolClient: PoolClientFactory = ({ clientEventEmitter }) => {
    const client = createClient(configuration);
    clients.add(client);
    client.once('end', () => clients.delete(client));
    /** By the name of a prepared statement, whose columns stay the same. */
    const fieldsOf = new Map<string | undefined, Fields>();
    let inUse = true;
    client.on('error', (error) => {
      // Emit only once: an 'error' event without a listener would crash the process.
      if (!inUse) return;
      inUse = false;
      clientEventEmitter.emit('error', new ConnectionError(error.message, { cause: error }));
    });

    return Promise.resolve({
      connect: () => connect(client),
      end: () => {
        inUse = false;
        return disconnect(client);
      },
      query: async (text, values, { name } = {}) => {
        try {
          const result = await client.query<Record<string, unknown>>({ name, text, values });
          const { command, rowCount, rows } = result;
          const fields = fieldsOf.get(name) ?? result.fields.map(toField);
          if (name !== undefined) fieldsOf.set(name, fields);
          return { command: command as DriverCommand, fields, rowCount, rows };
        } catch (error) {
          if (!(error instanceof Error) || error.message !== TIMEOUT_MESSAGE) throw error;
          throw new ConnectionError(error.message, { cause: error });
        }
      },
      stream: () => {
        throw new Error('streaming is not supported');
      },
    });
  };
  return {
    factory: createDriverFactory(() => Promise.resolve({ createPoolClient })),
    destroyConnections: () => {
      for (const { connection } of clients) connection.stream.destroy();
    },
  };
}

type Fields = DriverQueryResult['fields'];
const toField = ({ name, dataTypeID }: FieldDef) => ({ name, dataTypeId: dataTypeID });

type Setup = Parameters<typeof createDriverFactory>[0];
type PoolClientFactory = Awaited<ReturnType<Setup>>['createPoolClient'];

const TIMESTAMP: number = types.builtins.TIMESTAMP;
const standardParser = types.getTypeParser as (oid: number, format?: string) => unknown;

const getTypeParser = ((oid: number, format?: string) =>
  oid === TIMESTAMP ? toRfc3339 : standardParser(oid, format)) as typeof types.getTypeParser;
