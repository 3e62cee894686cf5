import { z } from 'zod';
import type { UserId } from '../auth/caller.ts';
import { Problem } from '../errors/problem.ts';
import { seal, unseal } from '../paging/sealed-cursor.ts';

/** A place in an export: the last task and the last idempotency key before it. */
export interface ExportPosition {
  readonly taskId: string;
  readonly key: string;
}

/** Before every task and every key. */
export const BEGINNING: ExportPosition = {
  taskId: '00000000-0000-0000-0000-000000000000',
  key: '',
};

const position = z.tuple([z.uuid(), z.string().regex(/^[\x21-\x7e]{0,255}$/)]);

// A list has a scope of four.
const scopeOf = (userId: UserId) => [userId, 'export'];

/** The opaque cursor that leads to what comes after a place. */
export function encodeExportCursor(userId: UserId, { taskId, key }: ExportPosition): string {
  return seal(scopeOf(userId), [taskId, key]);
}

/**
 * The place that a cursor leads to.
 *
 * @throws {Problem} invalid-cursor, when it belongs to another user or to a list, or when a character was changed
 */
export function decodeExportCursor(userId: UserId, cursor: string): ExportPosition {
  const parsed = position.safeParse(unseal(scopeOf(userId), cursor));
  if (!parsed.success) {
    throw new Problem('invalid-cursor', { detail: 'The cursor does not belong to this export' });
  }
  const [taskId, key] = parsed.data;
  return { taskId, key };
}
