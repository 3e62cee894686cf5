import {
  BEGINNING,
  decodeExportCursor,
  encodeExportCursor,
  type ExportPosition,
} from '../users/export-cursor.ts';
import { toTask } from '../tasks/task.ts';
import type { Handler } from './handler.ts';

const NO_STORE = { 'Cache-Control': 'no-store' } as const;

export const getCurrentUser: Handler<'getCurrentUser'> = (_request, { id, email, name }) =>
  Promise.resolve({ status: 200, headers: NO_STORE, body: { id, email, name } });

export const exportCurrentUser: Handler<'exportCurrentUser'> = async (
  { query },
  { id },
  { users },
) => {
  const { limit } = query;
  const after = query.cursor === '' ? BEGINNING : decodeExportCursor(id, query.cursor);
  // One row more than the page, to find out whether there is a next page.
  const { user, tasks, idempotency_keys: keys } = await users.export(id, after, limit + 1);
  const page = { tasks: tasks.slice(0, limit), keys: keys.slice(0, limit) };
  const last: ExportPosition = {
    taskId: page.tasks.at(-1)?.id ?? after.taskId,
    key: page.keys.at(-1)?.key ?? after.key,
  };
  const isLast = tasks.length <= limit && keys.length <= limit;
  return {
    status: 200,
    headers: NO_STORE,
    body: {
      user,
      tasks: page.tasks.map(toTask),
      idempotency_keys: page.keys,
      next_cursor: isLast ? null : encodeExportCursor(id, last),
    },
  };
};

export const revokeTokens: Handler<'revokeTokens'> = async (_request, caller, { revocations }) => {
  await revocations.revokeTokens(caller);
  return { status: 204, headers: NO_STORE };
};

export const deleteCurrentUser: Handler<'deleteCurrentUser'> = async (
  _request,
  { id },
  { users },
) => {
  await users.delete(id);
  return { status: 204, headers: NO_STORE };
};
