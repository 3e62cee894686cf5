import { beforeAll, describe, expect, test } from 'vitest';
import { type Client, type ApiResponse, type Task, createClient } from '../support/client.ts';
import { administer } from '../support/server.ts';
import { useService } from '../support/service.ts';
import { changes, someTask, tagOf } from '../support/task-changes.ts';
import { tokenOf } from '../support/tokens.ts';

const service = useService();
let alice: Client;

beforeAll(async () => {
  alice = createClient(service.url, await tokenOf('alice'));
});

/** Sends concurrent requests. */
const atOnce = <T>(count: number, send: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => send(index)));

const statusesOf = (responses: ApiResponse[]) => responses.map(({ status }) => status).toSorted();

describe('concurrent toggles', () => {
  test.each([50, 51])('%i toggles are all applied', async (count) => {
    const { path, tag } = await someTask(alice);
    const responses = await atOnce(count, () => alice.patch(`${path}/complete`));
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set([tag, ...responses.map(tagOf)]).size).toBe(count + 1);
    expect((await alice.get(path)).body.completed).toBe(count % 2 === 1);
    // Half of the toggles completed the task, half reopened it.
    const completed = responses.filter(({ body }) => body.completed);
    expect(completed).toHaveLength(Math.ceil(count / 2));
  });

  test('have times in the order of the changes', async () => {
    const { path } = await someTask(alice);
    const responses = await atOnce(50, (index) =>
      index % 2 ? alice.patch(`${path}/complete`) : alice.patch(path, { title: `${index}` }),
    );
    const version = (response: ApiResponse) => Number(/\d+/.exec(tagOf(response))?.[0]);
    const inOrder = responses.toSorted((a, b) => version(a) - version(b));
    const times = inOrder.map(({ body }) => body.updated_at);
    expect(times).toEqual(times.toSorted());
    const last = inOrder.at(-1);
    expect((await alice.get(path)).text).toBe(last?.text);
  });

  test('do not lose concurrent changes of other fields', async () => {
    const { path } = await someTask(alice);
    await Promise.all([
      atOnce(21, () => alice.patch(`${path}/complete`)),
      atOnce(5, () => alice.patch(path, { title: 'New title' })),
      atOnce(5, () => alice.put(path, { description: 'New description' })),
    ]);
    expect((await alice.get(path)).body).toMatchObject({
      title: 'New title',
      description: 'New description',
      completed: true,
    });
  });
});

test.each([
  ['patch', (path: string) => alice.patch(path, { title: 'Changed' })],
  ['completion', (path: string) => alice.patch(`${path}/complete`, { completed: true })],
])('equal concurrent changes by %s are one change', async (_name, change) => {
  const { path, tag } = await someTask(alice);
  const responses = await atOnce(20, () => change(path));
  expect(new Set(responses.map(({ text }) => text)).size).toBe(1);
  expect(new Set(responses.map(tagOf)).size).toBe(1);
  expect(responses.map(tagOf)).not.toContain(tag);
});

describe('concurrent conditional changes', () => {
  test.each(changes)('%s: exactly one succeeds', async (name, change) => {
    const { path, tag } = await someTask(alice);
    const responses = await atOnce(20, () => change(alice, path, tag));
    const won = responses.filter(({ status }) => status < 300);
    expect(won).toHaveLength(1);
    const lost = statusesOf(responses.filter(({ status }) => status >= 300));
    expect(new Set(lost)).toEqual(new Set([name === 'DELETE' ? 404 : 412]));
  });

  test('the successful one is stored', async () => {
    const { path, tag } = await someTask(alice);
    const responses = await atOnce(20, (index) =>
      alice.put(path, { title: `Writer ${index}` }, { headers: { 'If-Match': tag } }),
    );
    const won = responses.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    const found = await alice.get(path);
    expect(found.text).toBe(won[0]?.text);
    expect(tagOf(found)).toBe(won[0] && tagOf(won[0]));
  });

  test('mixed kinds: exactly one succeeds', async () => {
    const { path, tag } = await someTask(alice);
    const responses = await atOnce(20, (index) => {
      const change = changes[index % changes.length]?.[1];
      if (!change) throw new Error('there are no changes');
      return change(alice, path, tag);
    });
    expect(responses.filter(({ status }) => status < 300)).toHaveLength(1);
    expect(responses.every(({ status }) => [200, 204, 404, 412].includes(status))).toBe(true);
  });

  test('succeed after retries with the current ETag', async () => {
    const { path } = await someTask(alice, { title: 'Count', description: '0' });
    const countUp = async () => {
      for (;;) {
        const found = await alice.get(path);
        const description = String(Number(found.body.description) + 1);
        const options = { headers: { 'If-Match': tagOf(found) } };
        if ((await alice.patch(path, { description }, options)).status === 200) return;
      }
    };
    await atOnce(8, countUp);
    expect((await alice.get(path)).body.description).toBe('8');
  });

  test('DELETE: exactly one succeeds', async () => {
    const { path } = await someTask(alice);
    const responses = await atOnce(10, () => alice.delete(path));
    expect(statusesOf(responses)).toEqual([204, ...Array<number>(9).fill(404)]);
  });
});

test('updated_at never decreases, created_at does not change', async () => {
  const { path, text } = await someTask(alice);
  const { created_at: createdAt } = JSON.parse(text) as Task;
  let before = createdAt;
  for (let index = 0; index < 30; index++) {
    const { body } = await alice.patch(`${path}/complete`);
    expect(body.updated_at > before).toBe(true);
    expect(body.created_at).toBe(createdAt);
    before = body.updated_at;
  }
});

test('updated_at increases also when the clock was set back', async () => {
  const { path } = await someTask(alice);
  const id = path.split('/').at(-1) ?? '';
  await administer(
    service.databaseUrl,
    `update tasks set updated_at = '2999-12-31T23:59:59.999998Z' where id = '${id}'`,
  );
  const unchanged = await alice.patch(`${path}/complete`, { completed: false });
  expect(unchanged.body.updated_at).toBe('2999-12-31T23:59:59.999998Z');
  const changed = await alice.patch(`${path}/complete`);
  expect(changed.body.updated_at).toBe('2999-12-31T23:59:59.999999Z');
});
