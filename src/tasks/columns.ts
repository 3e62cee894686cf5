import { type FragmentSqlToken, sql } from 'slonik';
import type { Parameters } from '../db/statement.ts';
import type { TaskFields, TaskUpdate } from './task.ts';

/**
 * The column type of each field that clients set when they create or update a task. All statements are generated from this
 * list; a missing field is a compile error.
 */
export const columnTypes = {
  title: sql.fragment`text`,
  description: sql.fragment`text`,
  completed: sql.fragment`boolean`,
} satisfies Record<keyof (TaskFields & TaskUpdate), FragmentSqlToken>;

export type Field = keyof typeof columnTypes;
export const fieldNames = Object.keys(columnTypes) as Field[];
const comma = sql.fragment`, `;
/** Joins fragments with commas. */
export const join = (fragments: FragmentSqlToken[]) => sql.fragment`${sql.join(fragments, comma)}`;

/** The name of a column. */
export const columnOf = (name: string) => sql.fragment`${sql.identifier([name])}`;

/** `title, description, …` */
export const fieldColumns = join(fieldNames.map(columnOf));

/**
 * All columns that the API returns. Times are in UTC, independent of the time zone of the session. They have other names than the
 * columns, so that a sort by a column is not one by its text, which no index covers.
 */
export const taskColumns = sql.fragment`
  id, user_id, ${fieldColumns},
  created_at at time zone 'UTC' as created,
  updated_at at time zone 'UTC' as updated`;

/** The values of a new task, in the order of `fieldColumns`. */
export const fieldValues = (fields: Parameters<TaskFields>) =>
  join(fieldNames.map((name) => sql.fragment`${fields[name]}::${columnTypes[name]}`));
