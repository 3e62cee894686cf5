import { type Connection, type FieldDef, Query, type QueryResultRow } from 'pg';
import { setUser } from '../row-security.ts';

declare module 'pg' {
  /** The texts of the prepared statements by their names, which the types of `pg` leave out. */
  interface Connection {
    /** Those that PostgreSQL has prepared. */
    readonly parsedStatements: Readonly<Record<string, string>>;
    /** Those that were sent, and can fail. */
    readonly submittedNamedStatements: Readonly<Record<string, string>>;
  }

  /** The parts of `Query` that a subclass can override. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the parameters must be those of the class
  interface Query<R extends QueryResultRow = any, I extends any[] = any> {
    name?: string | undefined;
    _result: Columns;
    /** Whether `_result` collects the rows. */
    _accumulateRows: boolean;
    /** Writes the messages that execute the query. */
    prepare(connection: Connection): void;
    handleRowDescription(message: { fields: FieldDef[] }): void;
    handleCommandComplete(message: object, connection: Connection): void;
    handleReadyForQuery(connection: Connection): void;
    handleError(error: Error, connection: Connection): void;
  }
}

interface Statement {
  readonly text: string;
  readonly values: unknown[] | undefined;
  readonly name: string | undefined;
}
/** What a result derives from the columns to read the rows. */
interface Columns {
  fields: FieldDef[];
  _parsers: unknown;
  _prebuiltEmptyResultObject: unknown;
}
type Callback = NonNullable<ConstructorParameters<typeof Query>[2]>;

interface Described {
  /** The columns of a prepared statement, by its name. */
  readonly columns: Map<string, Columns>;
  /** The connection, without requests for a description. */
  readonly undescribed: Connection;
}

const describedOf = new WeakMap<Connection, Described>();

/**
 * A query of `pg` for pipelines. It asks for the columns of a prepared statement only once per connection; they do not change.
 * Until a statement is prepared, it is executed without a name: the preparation that was sent before can fail.
 */
export class PreparedQuery extends Query {
  #columns: Map<string, Columns> | undefined;
  #isComplete = false;

  constructor({ text, values, name }: Statement, callback: Callback) {
    // `pg` would copy an object with the statement, which takes longer than everything else here.
    super(text, values, callback);
    this.name = name;
  }

  override prepare(connection: Connection): void {
    const { parsedStatements, submittedNamedStatements } = connection;
    const { columns, undescribed } = describe(connection);
    const { name = '' } = this;
    const known = columns.get(name);
    if (known) {
      // Deriving this from the columns again costs about 4 µs.
      this._result.fields = known.fields;
      this._result._parsers = known._parsers;
      this._result._prebuiltEmptyResultObject = known._prebuiltEmptyResultObject;
      this._accumulateRows = true;
      super.prepare(undescribed);
      return;
    }
    if (name in submittedNamedStatements && !(name in parsedStatements)) this.name = undefined;
    this.#columns = columns;
    super.prepare(connection);
  }

  override handleCommandComplete(message: object, connection: Connection): void {
    this.#isComplete = true;
    super.handleCommandComplete(message, connection);
  }

  /**
   * If the end of the statement comes without its result, a connection pooler has mixed up the messages. The results that follow would
   * be given to the wrong statements, and so to other users: all statements of the connection fail.
   */
  override handleReadyForQuery(connection: Connection): void {
    if (this.#isComplete) {
      super.handleReadyForQuery(connection);
      return;
    }
    const error = new Error('the end of a statement came before its result');
    connection.emit('error', error);
    this.handleError(error, connection);
    connection.stream.destroy();
  }

  override handleRowDescription(message: { fields: FieldDef[] }): void {
    super.handleRowDescription(message);
    const { fields, _parsers, _prebuiltEmptyResultObject } = this._result;
    if (this.name !== undefined)
      this.#columns?.set(this.name, { fields, _parsers, _prebuiltEmptyResultObject });
  }
}

/** The user of a `ScopedQuery`. */
interface Scope {
  readonly userId: string;
  /** Whether the connection has prepared `setUser`. */
  readonly isPrepared: boolean;
}

/** A query that runs in one transaction with `setUser`. */
export class ScopedQuery extends PreparedQuery {
  readonly #scope: Scope;
  #isUserSet = false;

  constructor(scope: Scope, ...query: ConstructorParameters<typeof PreparedQuery>) {
    super(...query);
    this.#scope = scope;
  }

  override prepare(connection: Connection): void {
    const { userId, isPrepared } = this.#scope;
    if (!isPrepared) connection.parse({ name: '', text: setUser.text, types: [] }, true);
    const statement = isPrepared ? setUser.name : '';
    connection.bind({ statement, portal: '', values: [userId], valueMapper: String }, true);
    connection.execute({ portal: '' }, true);
    super.prepare(connection);
  }

  override handleCommandComplete(message: object, connection: Connection): void {
    if (this.#isUserSet) super.handleCommandComplete(message, connection);
    this.#isUserSet = true;
  }
}

function describe(connection: Connection): Described {
  let described = describedOf.get(connection);
  if (!described) {
    const undescribed = Object.create(connection, {
      describe: { value: () => undefined },
    }) as Connection;
    described = { columns: new Map(), undescribed };
    describedOf.set(connection, described);
  }
  return described;
}
