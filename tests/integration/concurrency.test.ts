import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Client, type Reply, type Task, createClient } from '../support/client.ts';
import { useService } from '../support/service.ts';
import { tokenOf } from '../support/tokens.ts';

const service = useService();
let alice: Client;

beforeAll(async () => {
  alice = createClient(service.url, await tokenOf('alice'));
});

/** Sends so many requests at once. */
const atOnce = <T>(count: number, send: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => send(index)));

const tagOf = ({ headers }: Reply) => headers.get('etag') ?? '';
const statusesOf = (replies: Reply[]) => replies.map(({ status }) => status).toSorted();

/** A new task with its path and its entity tag. */
async function someTask(body: unknown = { title: 'Buy milk' }) {
  const created = await alice.post('/api/tasks', body);
  return { path: `/api/tasks/${created.body.id}`, tag: tagOf(created), text: created.text };
}

/** Every way to change a task, with a body that does. */
const changes: [string, (path: string, ifMatch?: string) => Promise<Reply<Task>>][] = [
  ['PUT', (path, ifMatch) => alice.put(path, { title: 'Changed' }, given(ifMatch))],
  ['PATCH', (path, ifMatch) => alice.patch(path, { title: 'Changed' }, given(ifMatch))],
  ['toggle', (path, ifMatch) => alice.patch(`${path}/complete`, undefined, given(ifMatch))],
  [
    'complete',
    (path, ifMatch) => alice.patch(`${path}/complete`, { completed: true }, given(ifMatch)),
  ],
  ['DELETE', (path, ifMatch) => alice.request('DELETE', path, given(ifMatch))],
];
const given = (ifMatch?: string) =>
  ifMatch === undefined ? {} : { headers: { 'If-Match': ifMatch } };

describe('toggles at once', () => {
  test.each([50, 51])('%i of them each count', async (count) => {
    const { path, tag } = await someTask();
    const replies = await atOnce(count, () => alice.patch(`${path}/complete`));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set([tag, ...replies.map(tagOf)]).size).toBe(count + 1);
    expect((await alice.get(path)).body.completed).toBe(count % 2 === 1);
    // Half of them found the task pending, half completed.
    const completed = replies.filter(({ body }) => body.completed);
    expect(completed).toHaveLength(Math.ceil(count / 2));
  });

  test('and the times of the changes go as the changes do', async () => {
    const { path } = await someTask();
    const replies = await atOnce(50, (index) =>
      index % 2 ? alice.patch(`${path}/complete`) : alice.patch(path, { title: `${index}` }),
    );
    const version = (reply: Reply) => Number(/\d+/.exec(tagOf(reply))?.[0]);
    const inOrder = replies.toSorted((a, b) => version(a) - version(b));
    const times = inOrder.map(({ body }) => body.updated_at);
    expect(times).toEqual(times.toSorted());
    const last = inOrder.at(-1);
    expect((await alice.get(path)).text).toBe(last?.text);
  });

  test('do not lose changes of other fields', async () => {
    const { path } = await someTask();
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

describe('conditional changes at once', () => {
  test.each(changes)('of %s one is made', async (name, change) => {
    const { path, tag } = await someTask();
    const replies = await atOnce(20, () => change(path, tag));
    const won = replies.filter(({ status }) => status < 300);
    expect(won).toHaveLength(1);
    const lost = statusesOf(replies.filter(({ status }) => status >= 300));
    expect(new Set(lost)).toEqual(new Set([name === 'DELETE' ? 404 : 412]));
  });

  test('the one that wins is the one that is kept', async () => {
    const { path, tag } = await someTask();
    const replies = await atOnce(20, (index) =>
      alice.put(path, { title: `Writer ${index}` }, { headers: { 'If-Match': tag } }),
    );
    const won = replies.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    const found = await alice.get(path);
    expect(found.text).toBe(won[0]?.text);
    expect(tagOf(found)).toBe(won[0] && tagOf(won[0]));
  });

  test('of all kinds one is made', async () => {
    const { path, tag } = await someTask();
    const replies = await atOnce(20, (index) => {
      const change = changes[index % changes.length]?.[1];
      if (!change) throw new Error('there are no changes');
      return change(path, tag);
    });
    expect(replies.filter(({ status }) => status < 300)).toHaveLength(1);
    expect(replies.every(({ status }) => [200, 204, 404, 412].includes(status))).toBe(true);
  });

  test('who tries again with what is there gets through in the end', async () => {
    const { path } = await someTask({ title: 'Count', description: '0' });
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

  test('of deletions one is made', async () => {
    const { path } = await someTask();
    const replies = await atOnce(10, () => alice.delete(path));
    expect(statusesOf(replies)).toEqual([204, ...Array<number>(9).fill(404)]);
  });
});

describe.each(changes)('If-Match with %s', (_name, change) => {
  test.each([
    ['*', '*'],
    ['the tag', 'TAG'],
    ['a list with the tag', '"other", TAG'],
    ['a list with the tag, without spaces', 'TAG,W/"other"'],
    ['a list with the tag, and a comma in another', '"a,b" , TAG'],
  ])('matches by %s', async (_case, header) => {
    const { path, tag } = await someTask();
    const reply = await change(path, header.replace('TAG', tag));
    expect(reply.status, reply.text).toBeLessThan(300);
  });

  test.each([
    ['another tag', '"other"'],
    ['an empty tag', '""'],
    ['a weak tag', 'W/TAG'],
    ['a list with a weak tag', '"other", W/TAG'],
    ['a quoted *', '"*"'],
    ['a huge version', '"99999999999999999999"'],
    ['a version beyond 32 bits', '"2147483648"'],
    ['the largest version', '"2147483647"'],
    ['a version with a zero before it', '"01"'],
    ['a version with a sign', '"+1"'],
    ['version 0', '"0"'],
    ['a version as a decimal', '"1.0"'],
    ['a character of Latin-1', '"\u00eb"'],
  ])('does not match by %s, and changes nothing', async (_case, header) => {
    const { path, tag, text } = await someTask();
    const refused = await change(path, header.replace('TAG', tag));
    expect(refused.status, refused.text).toBe(412);
    const found = await alice.get(path);
    expect(found.text).toBe(text);
    expect(tagOf(found)).toBe(tag);
  });

  test('does not match the tag of before a change', async () => {
    const { path, tag } = await someTask();
    await alice.patch(path, { title: 'Changed' });
    await alice.patch(path, { title: 'Buy milk' });
    expect((await change(path, tag)).status).toBe(412);
  });

  test.each([
    '1',
    '"1',
    '1"',
    '"1" "1"',
    '"1",',
    ',',
    '"1",,"2"',
    'w/"1"',
    'W/ "1"',
    '*, "1"',
    '""1"',
    "'1'",
    '',
    '"a b"',
  ])('of %s is refused', async (header) => {
    const { path, tag, text } = await someTask();
    const refused = await change(path, header);
    expect(refused.status, refused.text).toBe(422);
    expect(refused.body).toMatchObject({ errors: [{ in: 'header', name: 'If-Match' }] });
    const found = await alice.get(path);
    expect(found.text).toBe(text);
    expect(tagOf(found)).toBe(tag);
  });

  test('does not find a task that is not there', async () => {
    for (const header of ['*', '"1"', 'W/"1"', '"other"']) {
      expect((await change(`/api/tasks/${randomUUID()}`, header)).status).toBe(404);
    }
  });
});

describe('If-None-Match', () => {
  test.each([
    ['the tag', 'TAG', 304],
    ['the weak tag', 'W/TAG', 304],
    ['*', '*', 304],
    ['a list with the tag', '"other", TAG', 304],
    ['a list with the weak tag', '"other",W/TAG', 304],
    ['another tag', '"other"', 200],
    ['another weak tag', 'W/"other"', 200],
    ['a quoted *', '"*"', 200],
    ['an empty tag', '""', 200],
  ])('by %s', async (_case, header, status) => {
    const { path, tag, text } = await someTask();
    const headers = { 'If-None-Match': header.replace('TAG', tag) };
    const reply = await alice.get(path, { headers });
    expect(reply.status).toBe(status);
    expect(reply.text).toBe(status === 200 ? text : '');
    expect(tagOf(reply)).toBe(tag);
    expect((await alice.request('HEAD', path, { headers })).status).toBe(status);
  });

  test('does not match after a change', async () => {
    const { path, tag } = await someTask();
    const changed = await alice.patch(`${path}/complete`);
    expect((await alice.get(path, { headers: { 'If-None-Match': tag } })).text).toBe(changed.text);
  });

  test.each(['1', '"1', '*, "1"', '"1",', ''])('of %s is refused', async (header) => {
    const { path } = await someTask();
    expect((await alice.get(path, { headers: { 'If-None-Match': header } })).status).toBe(422);
  });

  test('does not find a task that is not there', async () => {
    const { path } = await someTask();
    await alice.delete(path);
    for (const header of ['*', '"1"']) {
      const reply = await alice.get(path, { headers: { 'If-None-Match': header } });
      expect(reply.status).toBe(404);
    }
  });
});

test('updated_at never goes back, created_at stays', async () => {
  const { path, text } = await someTask();
  const { created_at: createdAt } = JSON.parse(text) as Task;
  let before = createdAt;
  for (let index = 0; index < 30; index++) {
    const { body } = await alice.patch(`${path}/complete`);
    expect(body.updated_at > before).toBe(true);
    expect(body.created_at).toBe(createdAt);
    before = body.updated_at;
  }
});
