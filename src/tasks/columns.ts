import { type FragmentSqlToken, sql } from 'slonik';
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

const names = Object.keys(columnTypes) as (keyof typeof columnTypes)[];
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
export function fieldValues(fields: TaskFields): FragmentSqlToken {
  return join(names.map((name) => sql.fragment`${fields[name]}::${columnTypes[name]}`));
}

/** `title = …, description = …`: sets the given fields; the others keep their values. */
export function fieldChanges(changes: TaskUpdate): FragmentSqlToken {
  return join(
    names.map((name) => {
      const column = sql.identifier([name]);
      const value = sql.fragment`${changes[name] ?? null}::${columnTypes[name]}`;
      return sql.fragment`${column} = case when ${changes[name] !== undefined} then ${value} else ${column} end`;
    }),
  );
}

/** `completed = …`: sets the given fields; `completed` is toggled if it is not given. */
export function completionChanges({ completed }: Partial<TaskCompletion>): FragmentSqlToken {
  const values = {
    completed: sql.fragment`coalesce(${completed ?? null}, not completed)`,
  } satisfies Record<keyof TaskCompletion, FragmentSqlToken>;
  return join(
    Object.entries(values).map(
      ([name, value]) => sql.fragment`${sql.identifier([name])} = ${value}`,
    ),
  );
}
