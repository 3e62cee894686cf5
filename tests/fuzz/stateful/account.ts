import * as fc from 'fast-check';
import { expect } from 'vitest';
import type { components } from '../../../generated/types.ts';
import type { Client, Task } from '../../support/client.ts';
import { query } from '../../support/tasks.ts';
import { atOnce } from './bursts.ts';
import { command } from './command.ts';
import { style, newTask } from './inputs.ts';
import { listed, walk } from './lists.ts';
import { listPath, type Model } from './model.ts';

type Page = components['schemas']['UserExport'];

const byAge = { status: 'all', sort: 'created', order: 'asc' } as const;

const count = command('count', fc.constant({}), async (_input, model, { client }) => {
  const all = listed(model, byAge);
  const completed = all.filter((task) => task.completed).length;
  const { body } = await client.get<unknown>('/api/me/task-counts');
  expect(body).toEqual({ pending: all.length - completed, completed });
});

const exportAll = command(
  'export',
  fc.record({ limit: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant(1000)) }),
  async ({ limit }, model, { client }) => {
    const pages = await exported(client, limit);
    for (const { user } of pages) expect(user?.id).toBe(model.stored ? model.user : undefined);
    expect(pages.flatMap(({ tasks }) => tasks)).toEqual(
      listed(model, byAge).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    );
    const keys = pages.flatMap((page) => page.idempotency_keys);
    const expected = [...model.keys].map(([key, { task }]) => [key, task.id]);
    expect(keys.map(({ key, task_id }) => [key, task_id]).toSorted()).toEqual(expected.toSorted());
  },
);

/** Reads all pages of an export. Before the last page, either the tasks or the keys fill the page. */
async function exported(client: Client, limit: number): Promise<Page[]> {
  const pages: Page[] = [];
  let cursor: string | null = null;
  do {
    const next: string = query({ limit, ...(cursor !== null && { cursor }) });
    const { status, body, text } = await client.get<Page>(`/api/me/export${next}`);
    expect(status, text).toBe(200);
    pages.push(body);
    cursor = body.next_cursor;
    const longest = Math.max(body.tasks.length, body.idempotency_keys.length);
    if (cursor !== null) expect(longest).toBe(limit);
  } while (cursor !== null);
  return pages;
}

const leave = command('leave', fc.constant({}), async (_input, model, { client }) => {
  const { status, text } = await client.delete('/api/me');
  expect({ status, text }).toEqual({ status: 204, text: '' });
  clearModel(model);
});

/** Each creation that is concurrent with a deletion of the user happens before it, and is deleted, or after it. */
const leaveWhileCreating = command(
  'leave while creating',
  fc.record({ style, body: newTask, count: fc.integer({ min: 1, max: 5 }) }),
  async ({ style, body, count }, model, { client }) => {
    const path = listPath(style, model.user);
    const [responses, left] = await Promise.all([
      atOnce(count, () => client.post(path, body)),
      client.delete('/api/me'),
    ]);
    expect(left.status, left.text).toBe(204);
    clearModel(model);
    const created = new Map<string, { task: Task; tags: string[] }>();
    for (const { status, text, body: task, headers } of responses) {
      expect(status, text).toBe(201);
      model.ids.push(task.id);
      created.set(task.id, { task, tags: [headers.get('etag') ?? ''] });
    }
    for (const task of await walk(client, path, byAge, 100)) {
      const stored = created.get(task.id);
      expect(task).toEqual(stored?.task);
      if (stored) model.tasks.set(task.id, stored);
    }
    model.stored = model.tasks.size > 0;
  },
);

function clearModel(model: Model): void {
  model.tasks.clear();
  model.keys.clear();
  model.stored = false;
}

/** The commands on all data of a user; deletions are rarer than reads. */
export const account = [
  ...[count, exportAll].map((arbitrary) => ({ arbitrary, weight: 2 })),
  ...[leave, leaveWhileCreating].map((arbitrary) => ({ arbitrary, weight: 1 })),
];
