import type { Connection, FieldDef, QueryResultRow } from 'pg';

declare module 'pg' {
  /** The parts of `Query` that a subclass can override, which its types leave out. */
  // The parameters must be those of the class.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any, @typescript-eslint/no-unused-vars
  interface Query<R extends QueryResultRow = any, I extends any[] = any> {
    readonly name?: string;
    /** Writes the messages that execute the query. */
    prepare(connection: Connection): void;
    handleRowDescription(message: { fields: FieldDef[] }): void;
  }
}
