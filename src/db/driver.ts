import { type Client, types } from 'pg';
import {
  ConnectionError,
  type DriverCommand,
  type DriverFactory,
  createDriverFactory,
} from 'slonik';
import { connect, createClient, disconnect } from './client.ts';
import type { ConnectionOptions } from './connection.ts';
import { toRfc3339 } from './timestamp.ts';

interface Driver {
  factory: DriverFactory;
  /** Drops all connections, also those being made, without waiting for the server. */
  cut(): void;
}

/** How `pg` says that its `query_timeout` has passed. */
const TIMEOUT = 'Query read timeout';

/**
 * Slonik's way to `pg`. Unlike its own it takes any TLS options, limits the time of a query, and reads no types from the database.
 * A connection that is lost, and a query that takes too long, is a `ConnectionError`.
 *
 * @param queryTimeout milliseconds; slonik then destroys the connection, as after any error
 */
export function createDriver(options: ConnectionOptions, queryTimeout: number): Driver {
  const clients = new Set<Client>();
  const configuration = {
    ...options,
    keepAlive: true,
    query_timeout: queryTimeout,
    types: { getTypeParser },
  };

  const createPoolClient: PoolClientFactory = ({ clientEventEmitter }) => {
    const client = createClient(configuration);
    clients.add(client);
    client.once('end', () => clients.delete(client));
    let inUse = true;
    client.on('error', (error) => {
      // Once is enough, and when nobody listens any more it would end the process.
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
          return {
            command: result.command as DriverCommand,
            fields: result.fields.map((field) => ({
              dataTypeId: field.dataTypeID,
              name: field.name,
            })),
            rowCount: result.rowCount,
            rows: result.rows,
          };
        } catch (error) {
          if (!(error instanceof Error) || error.message !== TIMEOUT) throw error;
          throw new ConnectionError(error.message, { cause: error });
        }
      },
      stream: () => {
        throw new Error('rows are read whole, not streamed');
      },
    });
  };
  return {
    factory: createDriverFactory(() => Promise.resolve({ createPoolClient })),
    cut: () => {
      for (const { connection } of clients) connection.stream.destroy();
    },
  };
}

type Setup = Parameters<typeof createDriverFactory>[0];
type PoolClientFactory = Awaited<ReturnType<Setup>>['createPoolClient'];

const TIMESTAMP: number = types.builtins.TIMESTAMP;
const standardParser = types.getTypeParser as (oid: number, format?: string) => unknown;

const getTypeParser = ((oid: number, format?: string) =>
  oid === TIMESTAMP ? toRfc3339 : standardParser(oid, format)) as typeof types.getTypeParser;
