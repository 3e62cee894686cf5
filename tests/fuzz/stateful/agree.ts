import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { Problem, ApiResponse, Task } from '../../support/client.ts';
import type { ProblemCode } from '../../../src/errors/problem.ts';
import type { Changes } from './inputs.ts';
import type { Model, StoredTask } from './model.ts';

/** Expects a problem; the client checks its schema. */
export function expectProblemCode(response: ApiResponse, code: ProblemCode): void {
  expect((response.body as Partial<Problem> | undefined)?.code, response.text).toBe(code);
}

/** Expects a response with the unchanged task. */
export function expectTask(response: ApiResponse, { task, tags }: StoredTask): void {
  expect(response.status, response.text).toBe(200);
  expect(response.body).toEqual(task);
  expect(response.headers.get('etag')).toBe(tags.at(-1));
}

/** Expects a response with the changed task and, if it differs, a new ETag, and updates the model. */
export function followChange(
  model: Model,
  stored: StoredTask,
  response: ApiResponse,
  made: Changes,
): void {
  const { task, tags } = stored;
  if (isDeepStrictEqual(task, { ...task, ...made })) {
    expectTask(response, stored);
    return;
  }
  expect(response.status, response.text).toBe(200);
  const { updated_at } = response.body as Task;
  expect(response.body).toEqual({ ...task, ...made, updated_at });
  expect(updated_at >= task.updated_at, 'updated_at does not decrease').toBe(true);
  const tag = response.headers.get('etag') ?? '';
  expect(tags, 'the ETag changes').not.toContain(tag);
  model.tasks.set(task.id, { task: response.body as Task, tags: [...tags, tag] });
}
