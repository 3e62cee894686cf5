import type { FieldDef, QueryResultRow } from 'pg';

declare module 'pg' {
  /** The texts of the prepared statements by their names, which the types of `pg` leave out. */
  interface Connection {
    /** Those that PostgreSQL has prepared. */
    readonly parsedStatements: Readonly<Record<string, string>>;
    /** Those that were sent, and can fail. */
    readonly submittedNamedStatements: Readonly<Record<string, string>>;
  }

  /** The parts of `Query` that a subclass can override. */
  // The parameters must be those of the class.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any, @typescript-eslint/no-unused-vars
  interface Query<R extends QueryResultRow = any, I extends any[] = any> {
    name?: string | undefined;
    /** Writes the messages that execute the query. */
    prepare(connection: Connection): void;
    handleRowDescription(message: { fields: FieldDef[] }): void;
  }
}
