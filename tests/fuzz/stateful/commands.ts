import * as fc from 'fast-check';
import { expect } from 'vitest';
import type { Task } from '../../support/client.ts';
import { orders, sorts } from '../../support/tasks.ts';
import { expectProblemCode, expectTask, followChange } from './agree.ts';
import { command } from './command.ts';
import {
  changes,
  condition,
  conditionHeader,
  style,
  index,
  names,
  newTask,
  permits,
  type NewTask,
} from './inputs.ts';
import { listed, walk } from './lists.ts';
import { idOf, listPath, taskPath, type Model } from './model.ts';

const key = fc.constantFrom(undefined, 'one', 'two');

const create = command(
  'create',
  fc.record({ style, key, body: newTask }),
  async ({ style, key, body }, model, { client }) => {
    const path = listPath(style, model.user);
    const response = await client.post(path, body, {
      headers: key === undefined ? {} : { 'Idempotency-Key': key },
    });
    const earlier = model.keys.get(key ?? '');
    if (earlier && !isSame(earlier.task, body)) {
      expectProblemCode(response, 'idempotency-key-reused');
      return;
    }
    expect(response.status, response.text).toBe(201);
    const tag = response.headers.get('etag') ?? '';
    if (earlier) expect({ task: response.body, tag }).toEqual(earlier);
    else addNew(model, response.body, tag, body, key);
    expect(response.headers.get('location')).toBe(`${path}/${response.body.id}`);
  },
);

function isSame(task: Task, { title, description = null, completed = false }: NewTask): boolean {
  return task.title === title && task.description === description && task.completed === completed;
}

function addNew(
  model: Model,
  task: Task,
  tag: string,
  body: NewTask,
  key: string | undefined,
): void {
  const { id, created_at, updated_at } = task;
  const own = { user_id: model.user, description: null, completed: false };
  expect(task).toEqual({ ...own, ...body, id, created_at, updated_at });
  expect(updated_at).toBe(created_at);
  expect(model.ids).not.toContain(id);
  model.ids.push(id);
  model.tasks.set(id, { task, tags: [tag] });
  model.stored = true;
  if (key !== undefined) model.keys.set(key, { task, tag });
}

const get = command(
  'get',
  fc.record({ style, index, condition }),
  async ({ style, index, condition }, model, { client }) => {
    const stored = model.tasks.get(idOf(model, index));
    const headers = conditionHeader('If-None-Match', condition, stored);
    const response = await client.get(taskPath(style, model, index), { headers });
    if (!stored) {
      expectProblemCode(response, 'not-found');
    } else if (names(condition)) {
      expect({ status: response.status, text: response.text }).toEqual({ status: 304, text: '' });
      expect(response.headers.get('etag')).toBe(stored.tags.at(-1));
    } else {
      expectTask(response, stored);
    }
  },
);

const list = command(
  'list',
  fc.record({
    style,
    status: fc.constantFrom('all', 'pending', 'completed'),
    sort: fc.constantFrom(...sorts),
    order: fc.constantFrom(...orders),
    limit: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant(100)),
  }),
  async ({ style, limit, ...list }, model, { client }) => {
    const path = listPath(style, model.user);
    expect(await walk(client, path, list, limit)).toEqual(listed(model, list));
  },
);

const change = command(
  'change',
  fc.record({ style, index, condition, method: fc.constantFrom('put', 'patch'), changes }),
  async ({ style, index, condition, method, changes }, model, { client }) => {
    const stored = model.tasks.get(idOf(model, index));
    const headers = conditionHeader('If-Match', condition, stored);
    const response = await client[method](taskPath(style, model, index), changes, { headers });
    if (!stored) expectProblemCode(response, 'not-found');
    else if (!permits(condition)) expectProblemCode(response, 'precondition-failed');
    else followChange(model, stored, response, changes);
  },
);

const complete = command(
  'complete',
  fc.record({ style, index, condition, completed: fc.constantFrom(undefined, true, false) }),
  async ({ style, index, condition, completed }, model, { client }) => {
    const stored = model.tasks.get(idOf(model, index));
    const headers = conditionHeader('If-Match', condition, stored);
    const response = await client.patch(
      `${taskPath(style, model, index)}/complete`,
      completed === undefined ? undefined : { completed },
      { headers },
    );
    if (!stored) expectProblemCode(response, 'not-found');
    else if (!permits(condition)) expectProblemCode(response, 'precondition-failed');
    else followChange(model, stored, response, { completed: completed ?? !stored.task.completed });
  },
);

const remove = command(
  'delete',
  fc.record({ style, index, condition }),
  async ({ style, index, condition }, model, { client }) => {
    const id = idOf(model, index);
    const stored = model.tasks.get(id);
    const headers = conditionHeader('If-Match', condition, stored);
    const response = await client.delete(taskPath(style, model, index), { headers });
    if (!stored) {
      expectProblemCode(response, 'not-found');
    } else if (!permits(condition)) {
      expectProblemCode(response, 'precondition-failed');
    } else {
      expect({ status: response.status, text: response.text }).toEqual({ status: 204, text: '' });
      model.tasks.delete(id);
    }
  },
);

/** The sequential commands of one user. */
export const commands = [create, create, get, list, change, complete, remove];
