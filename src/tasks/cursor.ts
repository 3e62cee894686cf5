import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { UserId } from '../auth/caller.ts';
import { Problem } from '../http/problem.ts';
import type { List } from './list.ts';
import type { TaskRow } from './task.ts';

const CHECKSUM_BYTES = 8;

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

/** Ties a cursor to its user and list, and shows when it was damaged. It is no secret: everything it opens is the caller's. */
function checksum(userId: UserId, list: List, position: Buffer): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([userId, list.status, list.sort, list.order]))
    .update(position)
    .digest()
    .subarray(0, CHECKSUM_BYTES);
}

/** The opaque cursor that leads to the tasks after this one. */
export function encodeCursor(userId: UserId, list: List, last: TaskRow): string {
  const position = Buffer.from(JSON.stringify([sortValue[list.sort](last), last.id]));
  return Buffer.concat([checksum(userId, list, position), position]).toString('base64url');
}

/**
 * The place that a cursor leads to.
 *
 * @throws {Problem} invalid-cursor, when it belongs to another user or list, or when a character was changed
 */
export function decodeCursor(userId: UserId, list: List, cursor: string): Position {
  const bytes = Buffer.from(cursor, 'base64url');
  const position = bytes.subarray(CHECKSUM_BYTES);
  // Several texts decode to the same bytes; only the one that we would write counts.
  const intact =
    bytes.toString('base64url') === cursor &&
    bytes.subarray(0, CHECKSUM_BYTES).equals(checksum(userId, list, position));
  const parsed = intact ? positions[list.sort].safeParse(parseJson(position)) : undefined;
  if (!parsed?.success) throw new Problem('invalid-cursor');
  const [value, id] = parsed.data;
  return { value, id };
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}
