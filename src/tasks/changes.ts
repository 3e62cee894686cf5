import { type FragmentSqlToken, sql } from 'slonik';
import type { Parameters } from '../db/statement.ts';
import { columnOf, columnTypes, type Field, fieldNames, join } from './columns.ts';
import type { TaskCompletion, TaskFields, TaskUpdate } from './task.ts';

/** The new value of each field, and whether it is given: null is also a value. */
type Changes = Record<Field, TaskFields[Field] | null> & Record<`${Field}Given`, boolean>;

/** The values for `fieldChanges`. */
export const changesOf = (changes: TaskUpdate) =>
  Object.fromEntries(
    fieldNames.flatMap((name) => [
      [name, changes[name] ?? null],
      [`${name}Given`, changes[name] !== undefined],
    ]),
  ) as Changes;

/** The assignments that set the given fields; the others keep their values. */
export const fieldChanges = (changes: Parameters<Changes>) =>
  assignments(
    fieldNames.map((name) => {
      const value = sql.fragment`${changes[name]}::${columnTypes[name]}`;
      const given = sql.fragment`${changes[`${name}Given`]}`;
      return [name, sql.fragment`case when ${given} then ${value} else ${columnOf(name)} end`];
    }),
  );

/** The assignments that set the given fields; `completed` is toggled if it is null. */
export function completionChanges({ completed }: Parameters<TaskCompletion>): FragmentSqlToken {
  const values = {
    completed: sql.fragment`coalesce(${completed}, not completed)`,
  } satisfies Record<keyof TaskCompletion, FragmentSqlToken>;
  return assignments(Object.entries(values));
}

/**
 * `title = …, version = …, updated_at = …`: sets columns. The version and the time change only if the value of a column does.
 * The time is not now(), which is that of the transaction. An update that waited for a concurrent one can be older than it, but
 * must get the later time.
 */
// Citus refuses volatile functions such as clock_timestamp() in an UPDATE, other functions than immutable ones in a CASE, and
// stable functions of columns, such as timestamptz + interval.
function assignments(values: readonly (readonly [string, FragmentSqlToken])[]): FragmentSqlToken {
  const before = join(values.map(([name]) => columnOf(name)));
  const after = join(values.map(([, value]) => value));
  const changed = sql.fragment`row(${before}) is distinct from row(${after})`;
  const earliest = sql.fragment`
    (updated_at at time zone 'UTC' + (${changed})::integer * interval '1 microsecond') at time zone 'UTC'`;
  const latest = sql.fragment`case when ${changed} then 'infinity' else updated_at end`;
  return join([
    ...values.map(([name, value]) => sql.fragment`${columnOf(name)} = ${value}`),
    sql.fragment`version = version + (${changed})::integer`,
    sql.fragment`updated_at = greatest(${earliest}, least(statement_timestamp(), ${latest}))`,
  ]);
}
