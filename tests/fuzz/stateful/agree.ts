import { expect } from 'vitest';
import type { Problem, Reply, Task } from '../../support/client.ts';
import type { ProblemCode } from '../../../src/errors/problem.ts';
import type { Changes } from './inputs.ts';
import type { Model, StoredTask } from './model.ts';

/** Expects a problem; the client checks its schema. */
export function expectRefusal(reply: Reply, code: ProblemCode): void {
  expect((reply.body as Partial<Problem> | undefined)?.code, reply.text).toBe(code);
}

/** Expects a response with the unchanged task. */
export function expectTask(reply: Reply, { task, tags }: StoredTask): void {
  expect(reply.status, reply.text).toBe(200);
  expect(reply.body).toEqual(task);
  expect(reply.headers.get('etag')).toBe(tags.at(-1));
}

/** Expects a response with the changed task and a new ETag, and updates the model. */
export function followChange(
  model: Model,
  { task, tags }: StoredTask,
  reply: Reply,
  made: Changes,
): void {
  expect(reply.status, reply.text).toBe(200);
  const { updated_at } = reply.body as Task;
  expect(reply.body).toEqual({ ...task, ...made, updated_at });
  expect(updated_at >= task.updated_at, 'updated_at does not decrease').toBe(true);
  const tag = reply.headers.get('etag') ?? '';
  expect(tags, 'the ETag changes').not.toContain(tag);
  model.tasks.set(task.id, { task: reply.body as Task, tags: [...tags, tag] });
}
