import { stringify } from 'node:querystring';
import { acceptedVersions, etagOf, matchesVersion } from '../conditional-requests/etag.ts';
import type { OperationResponse } from '../contract.ts';
import { decodeCursor, encodeCursor } from '../tasks/cursor.ts';
import { listOf } from '../tasks/list-query.ts';
import { toTask, type TaskRow } from '../tasks/task.ts';
import type { Handler } from './handler.ts';

const PRIVATE = { 'Cache-Control': 'private, no-cache' } as const;

export const listTasks: Handler<'listTasks'> = async ({ path, query }, caller, { tasks }) => {
  const { limit } = query;
  const list = listOf(query);
  const after = query.cursor === '' ? null : decodeCursor(caller.id, list, query.cursor);
  // One row more than the page, to find out whether there is a next page.
  const rows = await tasks.list(caller.id, list, after, limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const next = last && rows.length > limit ? encodeCursor(caller.id, list, last) : null;
  const link = next && stringify({ ...list, limit, cursor: next });
  return {
    status: 200,
    headers: { ...PRIVATE, ...(link && { Link: `<${path}?${link}>; rel="next"` }) },
    body: { items: page.map(toTask), next_cursor: next },
  };
};

export const countTasks: Handler<'countTasks'> = async (_request, caller, { tasks }) => ({
  status: 200,
  headers: PRIVATE,
  body: await tasks.count(caller.id),
});

export const createTask: Handler<'createTask'> = async (
  { path, headers, body },
  caller,
  { tasks },
) => {
  const row = await tasks.create(caller, body, headers['Idempotency-Key']);
  const { body: task, headers: taskHeaders } = taskResponse(row);
  return { status: 201, headers: { ...taskHeaders, Location: `${path}/${row.id}` }, body: task };
};

export const getTask: Handler<'getTask'> = async ({ params, headers }, caller, { tasks }) => {
  const row = await tasks.get(caller.id, params.id);
  const response = taskResponse(row);
  if (matchesVersion(headers['If-None-Match'], row))
    return { status: 304, headers: response.headers };
  return response;
};

export const updateTask: Handler<'updateTask'> = async (
  { params, headers, body },
  caller,
  { tasks },
) =>
  taskResponse(
    await tasks.update(caller.id, params.id, body, acceptedVersions(headers['If-Match'])),
  );

export const completeTask: Handler<'completeTask'> = async (
  { params, headers, body },
  caller,
  { tasks },
) =>
  taskResponse(
    await tasks.complete(caller.id, params.id, body ?? {}, acceptedVersions(headers['If-Match'])),
  );

export const deleteTask: Handler<'deleteTask'> = async ({ params, headers }, caller, { tasks }) => {
  await tasks.delete(caller.id, params.id, acceptedVersions(headers['If-Match']));
  return { status: 204, headers: { 'Cache-Control': 'no-store' } };
};

function taskResponse(row: TaskRow) {
  return {
    status: 200,
    headers: { ...PRIVATE, ETag: etagOf(row) },
    body: toTask(row),
  } satisfies OperationResponse<'getTask'>;
}
