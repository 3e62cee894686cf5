import { expect } from 'vitest';
import type { Problem, Reply, Task } from '../../support/client.ts';
import type { ProblemCode } from '../../../src/errors/problem.ts';
import type { Changes } from './inputs.ts';
import type { Model, StoredTask } from './model.ts';

/** Expects a problem; its shape is checked by the client. */
export function expectRefusal(reply: Reply, code: ProblemCode): void {
  expect((reply.body as Partial<Problem> | undefined)?.code, reply.text).toBe(code);
}

/** Expects the reply of a task as it is. */
export function expectTask(reply: Reply, { task, tags }: StoredTask): void {
  expect(reply.status, reply.text).toBe(200);
  expect(reply.body).toEqual(task);
  expect(reply.headers.get('etag')).toBe(tags.at(-1));
}

/** Expects the reply of a task with some changes and an entity tag that it never had, and has the model follow. */
export function followChange(
  model: Model,
  { task, tags }: StoredTask,
  reply: Reply,
  made: Changes,
): void {
  expect(reply.status, reply.text).toBe(200);
  const { updated_at } = reply.body as Task;
  expect(reply.body).toEqual({ ...task, ...made, updated_at });
  expect(updated_at >= task.updated_at, 'time goes on').toBe(true);
  const tag = reply.headers.get('etag') ?? '';
  expect(tags, 'the entity tag changes').not.toContain(tag);
  model.tasks.set(task.id, { task: reply.body as Task, tags: [...tags, tag] });
}
