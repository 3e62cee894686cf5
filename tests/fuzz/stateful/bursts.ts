import * as fc from 'fast-check';
import { expect } from 'vitest';
import type { ApiResponse, Task } from '../../support/client.ts';
import { expectTask } from './agree.ts';
import { command } from './command.ts';
import { style, index, newTask } from './inputs.ts';
import { idOf, listPath, taskPath, type Model, type StoredTask } from './model.ts';

const count = fc.integer({ min: 2, max: 6 });

/** Runs an action several times concurrently. */
export function atOnce<T>(count: number, send: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => send(index)));
}

/** Concurrent toggles are all applied, each with a new ETag. */
const toggleAtOnce = command(
  'toggle at once',
  fc.record({ style, index, count }),
  async ({ style, index, count }, model, { client }) => {
    const stored = model.tasks.get(idOf(model, index));
    if (!stored) return;
    const path = taskPath(style, model, index);
    const responses = await atOnce(count, () => client.patch(`${path}/complete`));
    const before = stored.task.completed;
    const ways = responses.map(({ body }) => body.completed);
    expect(ways.filter((completed) => completed !== before)).toHaveLength(Math.ceil(count / 2));
    const after = follow(model, stored, responses, await client.get(path));
    expect(after).toEqual({
      ...stored.task,
      completed: count % 2 === 1 ? !before : before,
      updated_at: after.updated_at,
    });
  },
);

/** Of concurrent changes with the same ETag, exactly one succeeds. */
const changeAtOnce = command(
  'change at once',
  fc.record({ style, index, count }),
  async ({ style, index, count }, model, { client }) => {
    const stored = model.tasks.get(idOf(model, index));
    if (!stored) return;
    const path = taskPath(style, model, index);
    const headers = { 'If-Match': stored.tags.at(-1) ?? '' };
    const responses = await atOnce(count, (turn) =>
      client.patch(path, { title: `Turn ${turn} of version ${stored.tags.length}` }, { headers }),
    );
    const won = responses.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect(responses.filter(({ status }) => status === 412)).toHaveLength(count - 1);
    follow(model, stored, won, await client.get(path));
  },
);

/** Concurrent creations with the same new key create one task. */
const createAtOnce = command(
  'create at once',
  fc.record({ style, body: newTask, count }),
  async ({ style, body, count }, model, { client }) => {
    const headers = { 'Idempotency-Key': `at-once-${model.keys.size}` };
    const path = listPath(style, model.user);
    const responses = await atOnce(count, () => client.post(path, body, { headers }));
    const [first] = responses;
    if (!first) return;
    for (const response of responses) {
      expect(response.status, response.text).toBe(201);
      expect(response.text).toBe(first.text);
    }
    const tag = first.headers.get('etag') ?? '';
    model.ids.push(first.body.id);
    model.tasks.set(first.body.id, { task: first.body, tags: [tag] });
    model.stored = true;
    model.keys.set(headers['Idempotency-Key'], { task: first.body, tag });
  },
);

/** After concurrent changes, the task equals the response to one of them. Updates the model. */
function follow(
  model: Model,
  { task, tags }: StoredTask,
  responses: readonly ApiResponse[],
  now: ApiResponse<Task>,
): Task {
  const given = responses.map(({ headers }) => headers.get('etag') ?? '');
  expect(new Set([...tags, ...given]).size, 'the ETag changes').toBe(tags.length + given.length);
  const tag = now.headers.get('etag') ?? '';
  const last = responses.find(({ headers }) => headers.get('etag') === tag);
  expect(last?.body, now.text).toEqual(now.body);
  const stored = { task: now.body, tags: [...tags, ...given.filter((it) => it !== tag), tag] };
  expectTask(now, stored);
  model.tasks.set(task.id, stored);
  return now.body;
}

/** The concurrent commands of one user. */
export const bursts = [toggleAtOnce, changeAtOnce, createAtOnce];
