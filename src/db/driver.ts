import { type Client, type FieldDef, types } from 'pg';
import {
  ConnectionError,
  type DriverCommand,
  type DriverFactory,
  type DriverQueryResult,
  createDriverFactory,
} from 'slonik';
import { cancelStatement } from './cancel.ts';
import { connect, createClient, disconnect } from './client.ts';
import type { ConnectionOptions } from './connection.ts';
import { toRfc3339 } from './timestamp.ts';

interface Driver {
  factory: DriverFactory;
  /** Destroys all sockets, including those that are still connecting, without waiting for the server. */
  destroyConnections(): void;
}

interface Timeouts {
  /** After how long a statement is cancelled on the server, in milliseconds. */
  cancelMs: number;
  /** How long to wait then for the end of the statement, in milliseconds. */
  graceMs: number;
}

/**
 * Creates a Slonik driver on `pg`. Unlike Slonik's own driver, it supports all TLS options and timeouts, and does not read
 * types from the database. A lost connection or a timeout is a `ConnectionError`; Slonik then removes the connection from
 * its pool.
 */
export function createDriver(options: ConnectionOptions, { cancelMs, graceMs }: Timeouts): Driver {
  const clients = new Set<Client>();
  const configuration = { ...options, keepAlive: true, types: { getTypeParser } };

  const createPoolClient: PoolClientFactory = ({ clientEventEmitter }) => {
    const client = createClient(configuration);
    clients.add(client);
    client.once('end', () => clients.delete(client));
    /** By the name of a prepared statement, whose columns stay the same. */
    const fieldsOf = new Map<string | undefined, Fields>();
    let inUse = true;
    const lose = (error: Error) => {
      // Emit only once: an 'error' event without a listener would crash the process.
      if (!inUse) return;
      inUse = false;
      clientEventEmitter.emit('error', new ConnectionError(error.message, { cause: error }));
    };
    client.on('error', lose);

    /** Cancels the running statement. If the server does not end it, the connection is cut. */
    const cancel = async () => {
      const signal = AbortSignal.timeout(graceMs);
      signal.addEventListener('abort', () => client.connection.stream.destroy());
      await cancelStatement(client, options, signal);
    };

    return Promise.resolve({
      connect: () => connect(client),
      end: () => {
        inUse = false;
        return disconnect(client);
      },
      query: async (text, values, { name } = {}) => {
        let cancelled = false as boolean;
        const timer = setTimeout(() => {
          cancelled = true;
          void cancel();
        }, cancelMs);
        try {
          const result = await client.query<Record<string, unknown>>({
            text,
            values,
            ...(options.preparedStatements && { name }),
          });
          const { command, rowCount, rows } = result;
          const fields = fieldsOf.get(name) ?? result.fields.map(toField);
          if (name !== undefined) fieldsOf.set(name, fields);
          return { command: command as DriverCommand, fields, rowCount, rows };
        } finally {
          clearTimeout(timer);
          // A cancel request that arrives late would end the next statement.
          if (cancelled) {
            await disconnect(client);
            lose(new Error(`the statement was cancelled after ${cancelMs} ms`));
          }
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
