import { type FragmentSqlToken, sql } from 'slonik';
import type { TaskFields, TaskUpdate } from './task.ts';

/** The column type of each field that a client sets. All statements are made from it; a missing field does not compile. */
const columnTypes = {
  title: sql.fragment`text`,
  description: sql.fragment`text`,
  completed: sql.fragment`boolean`,
} satisfies Record<keyof TaskFields, FragmentSqlToken>;

const names = Object.keys(columnTypes) as (keyof TaskFields)[];
const comma = sql.fragment`, `;
const join = (fragments: FragmentSqlToken[]) => sql.fragment`${sql.join(fragments, comma)}`;

/** `title, description, …` */
export const fieldColumns = join(names.map((name) => sql.fragment`${sql.identifier([name])}`));

/** All columns that the API returns. Times are in UTC, whatever the time zone of the session. */
export const taskColumns = sql.fragment`
  id, user_id, ${fieldColumns},
  created_at at time zone 'UTC' as created_at,
  updated_at at time zone 'UTC' as updated_at`;

/** The values of a new task, in the order of `fieldColumns`. */
export function fieldValues(fields: TaskFields): FragmentSqlToken {
  return join(names.map((name) => sql.fragment`${fields[name]}::${columnTypes[name]}`));
}

/** `title = …, description = …`: sets the fields that the update has, and keeps the others. */
export function fieldChanges(changes: TaskUpdate): FragmentSqlToken {
  return join(
    names.map((name) => {
      const column = sql.identifier([name]);
      const value = sql.fragment`${changes[name] ?? null}::${columnTypes[name]}`;
      return sql.fragment`${column} = case when ${changes[name] !== undefined} then ${value} else ${column} end`;
    }),
  );
}
