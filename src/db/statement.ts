import {
  type FragmentSqlToken,
  type PrimitiveValueExpression,
  type QuerySqlToken,
  sql,
} from 'slonik';
import type { ZodType } from 'zod';
import type { Caller, UserId } from '../auth/caller.ts';

type Value = PrimitiveValueExpression;

/** The parameters of a statement while its text is composed; see `statement`. */
export type Parameters<Values> = { readonly [Name in keyof Values]: string };

interface Statement<Row extends ZodType> extends QuerySqlToken<Row> {
  readonly userId: string;
  readonly isLong: boolean;
  readonly isRead: boolean;
}

const READ = /^\s*select\b/i;

/** Whether a statement only reads: ours modify data only with `insert`, `update`, `delete` and `with`. */
export function isRead(text: string): boolean {
  return READ.test(text);
}

/** The names of the statements whose first value is the user: all that `statement` defines. */
export const scopedStatements: ReadonlySet<string> = new Set();

/** The value of each parameter is its name, so that Slonik collects the names in the order of the text. */
const parameters: unknown = new Proxy({}, { get: (_, name) => name });

/**
 * Defines a named prepared statement, which PostgreSQL parses once per connection. Its text is composed once, here; a call
 * only collects the values.
 *
 * @param name unique among all statements
 * @param row the type of a row
 * @param valuesOf returns the values of a call by parameter; its first argument is the user, so that no statement can
 *   ignore whose data it accesses. The user is also the first parameter of the text.
 * @param compose returns the text
 * @param isLong whether it can take long; see `Database`
 * @returns a function with the arguments of `valuesOf` that returns the query to execute
 */
export function statement<
  Arguments extends readonly [user: UserId | Caller, ...others: unknown[]],
  Row extends ZodType,
  Values extends { readonly [Name in keyof Values]: Value } & { readonly userId: string },
>(
  name: string,
  row: Row,
  valuesOf: (...call: Arguments) => Values,
  compose: (parameters: Parameters<Values>) => FragmentSqlToken,
  { isLong = false } = {},
): (...call: Arguments) => Statement<Row> {
  const composed = sql.prepared(name, row)`${compose(parameters as Parameters<Values>)}`;
  // A parameter that the text has several times is sent once.
  const names = [...new Set<keyof Values>(['userId', ...(composed.values as (keyof Values)[])])];
  const numbered = composed.sql.replace(
    /\$slonik_(\d+)/g,
    (_, position) => `$${names.indexOf(composed.values[position - 1] as keyof Values) + 1}`,
  );
  const query = { ...composed, sql: numbered, isLong, isRead: isRead(numbered) };
  (scopedStatements as Set<string>).add(name);
  return (...call) => {
    const values = valuesOf(...call);
    const [user] = call;
    return {
      ...query,
      values: names.map((parameter) => values[parameter]),
      userId: typeof user === 'string' ? user : user.id,
    };
  };
}
