import { type Client, DatabaseError, type FieldDef, type QueryResult, types } from 'pg';
import {
  ConnectionError,
  type DriverCommand,
  type DriverFactory,
  type DriverQueryResult,
  createDriverFactory,
} from 'slonik';
import type { Pipelines } from './pipelines.ts';
import type { ConnectionOptions } from '../connection/connection-options.ts';
import { PreparedQuery, ScopedQuery } from './prepared-query.ts';
import { retryOnce } from './retry.ts';
import { setUser } from '../row-security.ts';
import { scopedStatements } from '../statement.ts';
import { toRfc3339 } from '../timestamp.ts';

/**
 * Creates a Slonik driver whose connections share the pipelines. A connection of Slonik therefore costs nothing and is never lost.
 * A statement that `retryOnce` does not retry, and whose outcome is not known, because its connection failed, throws a
 * `ConnectionError`.
 */
export function createDriver(
  pipelines: Pipelines,
  {
    preparedStatements,
    rowSecurity,
  }: Pick<ConnectionOptions, 'preparedStatements' | 'rowSecurity'>,
): DriverFactory {
  /** By the columns that `pg` returns, which are the same for all executions of a prepared statement on a connection. */
  const fieldsOf = new WeakMap<FieldDef[], Fields>();
  const toFields = (columns: FieldDef[]) => {
    let fields = fieldsOf.get(columns);
    if (!fields) fieldsOf.set(columns, (fields = columns.map(toField)));
    return fields;
  };

  const createPoolClient: PoolClientFactory = () =>
    Promise.resolve({
      connect: () => Promise.resolve(),
      end: () => Promise.resolve(),
      query: async (text, values, { name } = {}) => {
        const userId =
          rowSecurity && scopedStatements.has(name ?? '') ? String(values?.[0]) : undefined;
        const statement = { text, values, name: preparedStatements ? name : undefined, userId };
        const execute = () => pipelines.run((client) => send(client, statement));
        try {
          const { command, rowCount, rows, fields } = await retryOnce(execute, text);
          return { command: command as DriverCommand, fields: toFields(fields), rowCount, rows };
        } catch (error) {
          if (!(error instanceof Error) || error instanceof DatabaseError) throw error;
          throw new ConnectionError(error.message, { cause: error });
        }
      },
      stream: () => {
        throw new Error('streaming is not supported');
      },
    });
  return createDriverFactory(() => Promise.resolve({ createPoolClient }));
}

interface Statement {
  text: string;
  values: unknown[] | undefined;
  name: string | undefined;
  /** The only user whose rows it may access, with row-level security. */
  userId: string | undefined;
}

function send(client: Client, { text, values, name, userId }: Statement) {
  const { promise, resolve, reject } = Promise.withResolvers<QueryResult<Row>>();
  const query = { text, name, values };
  const end = (error: Error | null | undefined, result: QueryResult<Row>) => {
    if (error) reject(error);
    else resolve(result);
  };
  if (userId === undefined) {
    client.query(new PreparedQuery(query, end));
  } else {
    const isPrepared = name !== undefined;
    if (isPrepared) prepareSetUser(client);
    client.query(new ScopedQuery({ userId, isPrepared }, query, end));
  }
  return promise;
}

const clientsWithSetUser = new WeakSet<Client>();

/** Prepares `setUser` once per connection. If that fails, the queries that follow fail as well. */
function prepareSetUser(client: Client): void {
  if (clientsWithSetUser.has(client)) return;
  clientsWithSetUser.add(client);
  client.query(new PreparedQuery({ ...setUser, values: [''] }, () => undefined));
}

type Row = Record<string, unknown>;
type Fields = DriverQueryResult['fields'];
const toField = ({ name, dataTypeID }: FieldDef) => ({ name, dataTypeId: dataTypeID });

type Setup = Parameters<typeof createDriverFactory>[0];
type PoolClientFactory = Awaited<ReturnType<Setup>>['createPoolClient'];

const TIMESTAMP: number = types.builtins.TIMESTAMP;
const standardParser = types.getTypeParser as (oid: number, format?: string) => unknown;

/** Reads a timestamp as RFC 3339, and all other types as `pg` does. */
export const getTypeParser = ((oid: number, format?: string) =>
  oid === TIMESTAMP ? toRfc3339 : standardParser(oid, format)) as typeof types.getTypeParser;
