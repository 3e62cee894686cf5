import { z } from 'zod';
import type { UserId } from '../auth/caller.ts';
import { Problem } from '../errors/problem.ts';
import { decodePosition, encodePosition } from '../paging/opaque-cursor.ts';

/** A position in an export: the last task and the last idempotency key of a page. */
export interface ExportPosition {
  readonly taskId: string;
  readonly key: string;
}

/** The position before the first task and the first key. */
export const BEGINNING: ExportPosition = {
  taskId: '00000000-0000-0000-0000-000000000000',
  key: '',
};

const position = z.tuple([z.uuid(), z.string().regex(/^[\x21-\x7e]{0,255}$/)]);

// Differs from the scope of a list, which has four parts.
const scopeOf = (userId: UserId) => [userId, 'export'];

/** Creates the opaque cursor to the records after a position. */
export function encodeExportCursor(userId: UserId, { taskId, key }: ExportPosition): string {
  return encodePosition(scopeOf(userId), [taskId, key]);
}

/**
 * Validates a cursor and returns its position.
 *
 * @throws {Problem} invalid-cursor, if the cursor belongs to another user or to a list, or was modified
 */
export function decodeExportCursor(userId: UserId, cursor: string): ExportPosition {
  const parsed = position.safeParse(decodePosition(scopeOf(userId), cursor));
  if (!parsed.success) {
    throw new Problem('invalid-cursor', { detail: 'The cursor does not belong to this export' });
  }
  const [taskId, key] = parsed.data;
  return { taskId, key };
}
