import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { escapeLiteral } from 'pg';
import type { List } from '../../src/tasks/list-query.ts';
import { type Client, type Task, createClient } from './client.ts';
import { administer } from './server.ts';
import type { TestService } from './service.ts';
import { tokenOf } from './tokens.ts';

export const sorts = ['created', 'updated', 'title'] as const;
export const orders = ['asc', 'desc'] as const;
const statuses = ['all', 'pending', 'completed'] as const;
/** All combinations of the parameters of a list. */
export const lists: List[] = sorts.flatMap((sort) =>
  orders.flatMap((order) => statuses.map((status) => ({ sort, order, status }))),
);

/** Creates a user with only the given tasks. */
export async function userWith(
  service: TestService,
  tasks: Partial<Task>[],
): Promise<{ user: string; client: Client }> {
  const user = `user-${randomUUID()}`;
  await administer(service.databaseUrl, `insert into users (id) values (${escapeLiteral(user)})`);
  await insertTasks(service, user, tasks);
  return { user, client: createClient(service.url, await tokenOf(user)) };
}

/** Inserts tasks into the database in one statement. They have the same times by default. */
export async function insertTasks(
  service: Pick<TestService, 'databaseUrl'>,
  user: string,
  tasks: Partial<Task>[],
): Promise<void> {
  const now = '2026-11-21T09:30:00.123456Z';
  const defaults = { title: 'A task', completed: false, created_at: now, updated_at: now };
  const rows = tasks.map((task) => ({ ...defaults, user_id: user, id: randomUUIDv7(), ...task }));
  await administer(
    service.databaseUrl,
    `insert into tasks (user_id, id, title, description, completed, created_at, updated_at)
     select user_id, id, title, description, completed, created_at, updated_at
     from jsonb_populate_recordset(null::tasks, ${escapeLiteral(JSON.stringify(rows))}::jsonb)`,
  );
}

/** The query string with these parameters. */
export function query(parameters: Record<string, string | number>): string {
  const texts = Object.entries(parameters).map(([name, value]) => [name, String(value)] as const);
  return `?${new URLSearchParams(Object.fromEntries(texts)).toString()}`;
}

/** A reproducible generator of pseudorandom numbers from 0 to 1 (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const words = [
  'apple',
  'Apple',
  'äpfel',
  'Éclair',
  'eclair',
  'éclair',
  'zebra',
  'Ω',
  '10',
  '9',
  '09',
  'Task 2',
  'Task 10',
];

function someTask(random: () => number): Partial<Task> {
  const time = () => `2026-11-21T09:30:00.${String(Math.floor(random() * 8)).padStart(6, '0')}Z`;
  return {
    title: words[Math.floor(random() * words.length)] ?? '',
    completed: random() < 0.5,
    created_at: time(),
    updated_at: time(),
  };
}
/** Random tasks with few different times and titles, so that there are many ties. */
export const someTasks = (count: number, random: () => number) =>
  Array.from({ length: count }, () => someTask(random));
