import { z } from 'zod';
import type { UserId } from '../auth/caller.ts';
import { Problem } from '../errors/problem.ts';
import type { List } from './list-query.ts';
import { decodePosition, encodePosition } from '../paging/opaque-cursor.ts';
import type { TaskRow } from './task.ts';

/** A position in a list: the sort value and the id of the last task of a page. */
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

const scopeOf = (userId: UserId, { status, sort, order }: List) => [userId, status, sort, order];

/** Creates the opaque cursor to the tasks after the given one. */
export function encodeCursor(userId: UserId, list: List, last: TaskRow): string {
  return encodePosition(scopeOf(userId, list), [last[list.sort], last.id]);
}

/**
 * Validates a cursor and returns its position.
 *
 * @throws {Problem} invalid-cursor, if the cursor belongs to another user or list, or was modified
 */
export function decodeCursor(userId: UserId, list: List, cursor: string): Position {
  const parsed = positions[list.sort].safeParse(decodePosition(scopeOf(userId, list), cursor));
  if (!parsed.success) throw new Problem('invalid-cursor');
  const [value, id] = parsed.data;
  return { value, id };
}
