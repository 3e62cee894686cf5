import { type FragmentSqlToken, sql } from 'slonik';
import type { Parameters } from '../db/statement.ts';
import type { TaskCompletion, TaskFields, TaskUpdate } from './task.ts';

/**
 * The column type of each field that clients set when they create or update a task. All statements are generated from this
 * list; a missing field is a compile error.
 */
const columnTypes = {
  title: sql.fragment`text`,
  description: sql.fragment`text`,
  completed: sql.fragment`boolean`,
} satisfies Record<keyof (TaskFields & TaskUpdate), FragmentSqlToken>;

type Field = keyof typeof columnTypes;
const names = Object.keys(columnTypes) as Field[];
const comma = sql.fragment`, `;
const join = (fragments: FragmentSqlToken[]) => sql.fragment`${sql.join(fragments, comma)}`;

/** `title, description, …` */
export const fieldColumns = join(names.map((name) => sql.fragment`${sql.identifier([name])}`));

/** All columns that the API returns. Times are in UTC, independent of the time zone of the session. */
export const taskColumns = sql.fragment`
  id, user_id, ${fieldColumns},
  created_at at time zone 'UTC' as created_at,
  updated_at at time zone 'UTC' as updated_at`;

/** The values of a new task, in the order of `fieldColumns`. */
export const fieldValues = (fields: Parameters<TaskFields>) =>
  join(names.map((name) => sql.fragment`${fields[name]}::${columnTypes[name]}`));

/** The new value of each field, and whether it is given: null is also a value. */
type Changes = Record<Field, TaskFields[Field] | null> & Record<`${Field}Given`, boolean>;

/** The values for `fieldChanges`. */
export const changesOf = (changes: TaskUpdate) =>
  Object.fromEntries(
    names.flatMap((name) => [
      [name, changes[name] ?? null],
      [`${name}Given`, changes[name] !== undefined],
    ]),
  ) as Changes;

/** `title = …, description = …`: sets the given fields; the others keep their values. */
export const fieldChanges = (changes: Parameters<Changes>) =>
  join(
    names.map((name) => {
      const column = sql.identifier([name]);
      const value = sql.fragment`${changes[name]}::${columnTypes[name]}`;
      return sql.fragment`${column} = case when ${changes[`${name}Given`]} then ${value} else ${column} end`;
    }),
  );

/** `completed = …`: sets the given fields; `completed` is toggled if it is null. */
export function completionChanges({ completed }: Parameters<TaskCompletion>): FragmentSqlToken {
  const values = {
    completed: sql.fragment`coalesce(${completed}, not completed)`,
  } satisfies Record<keyof TaskCompletion, FragmentSqlToken>;
  return join(
    Object.entries(values).map(
      ([name, value]) => sql.fragment`${sql.identifier([name])} = ${value}`,
    ),
  );
}
