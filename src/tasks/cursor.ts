import { z } from 'zod';
import type { UserId } from '../auth/caller.ts';
import { Problem } from '../errors/problem.ts';
import type { List } from './list.ts';
import { seal, unseal } from '../paging/sealed-cursor.ts';
import type { TaskRow } from './task.ts';

/** A place in a list: the sort value and the id of the last task before it. */
export interface Position {
  readonly value: string;
  readonly id: string;
}

const time = z.iso.datetime({ precision: 6 }).refine((text) => !text.startsWith('0000'));
const title = z.string().refine((text) => text.isWellFormed() && !text.includes('\0'));
const positions = {
  created: z.tuple([time, z.uuid()]),
  updated: z.tuple([time, z.uuid()]),
  title: z.tuple([title, z.uuid()]),
};

const sortValue = {
  created: (row: TaskRow) => row.created_at,
  updated: (row: TaskRow) => row.updated_at,
  title: (row: TaskRow) => row.title,
};

const scopeOf = (userId: UserId, { status, sort, order }: List) => [userId, status, sort, order];

/** The opaque cursor that leads to the tasks after this one. */
export function encodeCursor(userId: UserId, list: List, last: TaskRow): string {
  return seal(scopeOf(userId, list), [sortValue[list.sort](last), last.id]);
}

/**
 * The place that a cursor leads to.
 *
 * @throws {Problem} invalid-cursor, when it belongs to another user or list, or when a character was changed
 */
export function decodeCursor(userId: UserId, list: List, cursor: string): Position {
  const parsed = positions[list.sort].safeParse(unseal(scopeOf(userId, list), cursor));
  if (!parsed.success) throw new Problem('invalid-cursor');
  const [value, id] = parsed.data;
  return { value, id };
}
