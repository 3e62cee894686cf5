import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Client, type Problem, type ApiResponse, createClient } from '../support/client.ts';
import { rawRequest } from '../support/raw-request.ts';
import { citusUrl } from '../support/citus.ts';
import { administer } from '../support/server.ts';
import { startTestService, useService } from '../support/service.ts';
import { tokenOf } from '../support/tokens.ts';
import { eventually } from '../support/eventually.ts';

const service = useService();
let alice: Client;

beforeAll(async () => {
  alice = createClient(service.url, await tokenOf('alice'));
});

/** Creates a task with an idempotency key. */
const post = (key: string, body: unknown, client = alice, path = '/api/tasks') =>
  client.post(path, body, { headers: { 'Idempotency-Key': key } });

const newUser = async () => {
  const user = `user-${randomUUID()}`;
  return { user, client: createClient(service.url, await tokenOf(user)) };
};

const idsOf = async (client: Client) =>
  (await client.list('?limit=100')).body.items.map(({ id }) => id);

/** The parts of the first response that a repeat must return. */
const essence = ({ status, text, headers }: ApiResponse) => ({
  status,
  text,
  etag: headers.get('etag'),
  location: headers.get('location'),
  cacheControl: headers.get('cache-control'),
});

function expectReused(response: ApiResponse): void {
  expect(response.status, response.text).toBe(422);
  expect((response.body as Problem).code).toBe('idempotency-key-reused');
}

test('the same key and body return the same task', async () => {
  const { client } = await newUser();
  const body = { title: 'Buy milk', description: 'Two litres', completed: true };
  const first = await post('the-key', body, client);
  expect(first.status, first.text).toBe(201);
  expect(first.body).toMatchObject(body);
  const again = await post('the-key', body, client);
  expect(essence(again)).toEqual(essence(first));
  expect(await idsOf(client)).toEqual([first.body.id]);
  const found = await client.get(first.headers.get('location') ?? '');
  expect(found.text).toBe(first.text);
  expect(found.headers.get('etag')).toBe(first.headers.get('etag'));
});

test('without a key, or with another one, every request creates a task', async () => {
  const { client } = await newUser();
  await client.create();
  await client.create();
  await post('one', { title: 'Buy milk' }, client);
  await post('One', { title: 'Buy milk' }, client);
  expect(await idsOf(client)).toHaveLength(4);
});

/** On Citus, each of them waits for those before it, and a connection is slower when it is used for the first time. */
const AT_ONCE = citusUrl === undefined ? 50 : 10;
const KEYS = AT_ONCE / 5;

describe(`${AT_ONCE} concurrent requests`, () => {
  const together = <Response>(send: (index: number) => Promise<Response>) =>
    Promise.all(Array.from({ length: AT_ONCE }, (_, index) => send(index)));

  test('create one task, also as the first requests of a user', async () => {
    const { client } = await newUser();
    const responses = await together(() => post('the-key', { title: 'Buy milk' }, client));
    for (const response of responses)
      expect(essence(response)).toEqual(essence(responses[0] as ApiResponse));
    expect(responses[0]?.status).toBe(201);
    expect(await idsOf(client)).toEqual([responses[0]?.body.id]);
  });

  test('with two bodies create one task; those with the other body are rejected', async () => {
    const { client } = await newUser();
    const responses = await together((index) => post('the-key', { title: `${index % 2}` }, client));
    const created = responses.filter(({ status }) => status === 201);
    expect(created).toHaveLength(AT_ONCE / 2);
    expect(new Set(created.map(({ text }) => text)).size).toBe(1);
    for (const response of responses.filter(({ status }) => status !== 201)) expectReused(response);
    expect(await idsOf(client)).toEqual([created[0]?.body.id]);
  });

  test('with several keys create a task for each', async () => {
    const { client } = await newUser();
    const responses = await together((index) =>
      post(`key-${index % KEYS}`, { title: 'x' }, client),
    );
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([201]));
    const ids = new Set(responses.map(({ body }) => body.id));
    expect(ids.size).toBe(KEYS);
    expect(new Set(await idsOf(client))).toEqual(ids);
  });
});

describe('bodies are compared by their fields', () => {
  test.each([
    ['{"title":"a"}', '{"title":"a","description":null,"completed":false}'],
    ['{"title":"a"}', '{ "completed" : false,\n "title" : "a" }'],
    ['{"title":"a","description":"b"}', '{"description":"b","title":"a"}'],
    ['{"title":"a/é😀"}', '{"title":"\\u0061\\/\\u00E9\\ud83d\\uDE00"}'],
    ['{"title":"a"}', '{"title":"x","title":"a"}'],
  ])('%s equals %s', async (one, other) => {
    const key = randomUUID();
    const first = await post(key, one);
    expect(first.status, first.text).toBe(201);
    expect(essence(await post(key, other))).toEqual(essence(first));
    expect(essence(await post(key, one))).toEqual(essence(first));
  });

  test.each([
    [{ title: 'a' }, { title: 'b' }],
    [{ title: 'a' }, { title: 'A' }],
    [{ title: 'a' }, { title: 'a ' }],
    [{ title: '\u00eb' }, { title: 'e\u0308' }],
    [{ title: 'a' }, { title: 'a', completed: true }],
    [{ title: 'a' }, { title: 'a', description: '' }],
    [
      { title: 'a', description: 'b' },
      { title: 'b', description: 'a' },
    ],
    [
      { title: 'a","b', description: 'c' },
      { title: 'a', description: 'b","c' },
    ],
    [{ title: 'a', description: 'null' }, { title: 'a' }],
  ])('%j differs from %j', async (one, other) => {
    const { client } = await newUser();
    const first = await post('the-key', one, client);
    expectReused(await post('the-key', other, client));
    expect(essence(await post('the-key', one, client))).toEqual(essence(first));
    expect(await idsOf(client)).toEqual([first.body.id]);
  });
});

test('keys of two users are independent', async () => {
  const one = await newUser();
  const two = await newUser();
  const first = await post('the-key', { title: 'Hers' }, one.client);
  const second = await post('the-key', { title: 'His' }, two.client);
  expect(second.status).toBe(201);
  expect(second.body).toMatchObject({ user_id: two.user, title: 'His' });
  expect(second.body.id).not.toBe(first.body.id);
  const third = await post('the-key', { title: 'Hers' }, two.client);
  expectReused(third);
  expect((await post('the-key', { title: 'Hers' }, one.client)).text).toBe(first.text);
});

test('a key is the same in both path styles', async () => {
  const { user, client } = await newUser();
  const path = `/api/${user}/tasks`;
  const first = await post('the-key', { title: 'Buy milk' }, client);
  const again = await post('the-key', { title: 'Buy milk' }, client, path);
  expect(again.status).toBe(201);
  expect(again.text).toBe(first.text);
  expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
  expect(again.headers.get('location')).toBe(`${path}/${first.body.id}`);
  expectReused(await post('the-key', { title: 'Buy bread' }, client, path));
  expect(await idsOf(client)).toEqual([first.body.id]);
});

test("a rejected request to another user's path does not use the key", async () => {
  const { client } = await newUser();
  const forbidden = await post('the-key', { title: 'Intruded' }, client, '/api/alice/tasks');
  expect(forbidden.status).toBe(403);
  expect((await post('the-key', { title: 'My own' }, client)).status).toBe(201);
});

describe('a repeat returns the task as it was created', () => {
  test('after it was changed', async () => {
    const key = randomUUID();
    const first = await post(key, { title: 'Buy milk' });
    const path = `/api/tasks/${first.body.id}`;
    await alice.patch(path, { title: 'Buy bread', description: 'Rye' });
    const changed = await alice.patch(`${path}/complete`);
    expect(essence(await post(key, { title: 'Buy milk' }))).toEqual(essence(first));
    expect((await alice.get(path)).text).toBe(changed.text);
    expectReused(await post(key, { title: 'Buy bread', description: 'Rye', completed: true }));
  });

  test('after it was deleted', async () => {
    const key = randomUUID();
    const body = { title: 'Buy milk', description: 'Two litres' };
    const first = await post(key, body);
    const path = `/api/tasks/${first.body.id}`;
    await alice.delete(path);
    expect(essence(await post(key, body))).toEqual(essence(first));
    expect((await alice.get(path)).status).toBe(404);
    expectReused(await post(key, { title: 'Buy bread' }));
  });
});

test.each<[string, unknown, number]>([
  ['that violates the schema', { title: '' }, 422],
  ['with an unknown field', { title: 'Buy milk', colour: 'red' }, 422],
  ['that is not valid JSON', '{"title":', 400],
  ['that is too large', { title: 'Buy milk', description: 'x'.repeat(70_000) }, 413],
])('a creation %s does not use its key', async (_name, body, status) => {
  const key = randomUUID();
  expect((await post(key, body)).status).toBe(status);
  expect((await post(key, { title: 'Buy milk' })).status).toBe(201);
});

test('keys survive a restart of the service', async () => {
  const { user, client } = await newUser();
  const body = { title: 'Buy milk' };
  const [young, old] = await Promise.all([post('young', body, client), post('old', body, client)]);

  const restarted = await startTestService({ DATABASE_URL: service.databaseUrl });
  onTestFinished(() => restarted.stop());
  const repeated = await post('young', body, createClient(restarted.url, await tokenOf(user)));
  expect(essence(repeated)).toEqual(essence(young));
  await administer(
    service.databaseUrl,
    `update idempotency_keys
     set created_at = now() - case when key = 'old' then interval '24 hours 1 minute'
                                   else interval '23 hours 59 minutes' end
     where user_id = '${user}'`,
  );
  const keys = async () => {
    const statement = `select key from idempotency_keys where user_id = '${user}'`;
    return (await administer(service.databaseUrl, statement)).map(({ key }) => key);
  };

  const next = await startTestService({ DATABASE_URL: service.databaseUrl });
  onTestFinished(() => next.stop());
  const nextClient = createClient(next.url, await tokenOf(user));
  await eventually(async () => {
    expect(await keys()).toEqual(['young']);
  });
  const again = await post('young', body, nextClient);
  // The response has the creation time of the key, which this test has changed.
  expect({ ...essence(again), text: '' }).toEqual({ ...essence(young), text: '' });
  expect(again.body.id).toBe(young.body.id);
  expectReused(await post('young', { title: 'Buy bread' }, nextClient));
  const recreated = await post('old', { title: 'Buy bread' }, nextClient);
  expect(recreated.status).toBe(201);
  expect(recreated.body.id).not.toBe(old.body.id);
  // Expired keys do not affect the tasks.
  const ids = [young, old, recreated].map((response) => response.body.id);
  expect(new Set(await idsOf(nextClient))).toEqual(new Set(ids));
});

describe('a key is 1 to 255 visible ASCII characters', () => {
  test.each([
    'x',
    'x'.repeat(255),
    Array.from({ length: 94 }, (_, index) => String.fromCharCode(0x21 + index)).join(''),
    "'; drop table tasks; --",
    '__proto__',
    '"quoted"',
    ',',
  ])('%s', async (text) => {
    const key = text.replaceAll(' ', '_');
    const { client } = await newUser();
    const first = await post(key, { title: 'Buy milk' }, client);
    expect(first.status, first.text).toBe(201);
    expect((await post(key, { title: 'Buy milk' }, client)).text).toBe(first.text);
  });

  test.each([
    ['nothing', ''],
    ['256 characters', 'x'.repeat(256)],
    ['a space inside', 'a b'],
    ['a tab inside', 'a\tb'],
    ['a Latin-1 character', 'Zo\u00eb'],
    ['a no-break space', 'a\u00a0b'],
    ['an encoded emoji', Buffer.from('😀').toString('latin1')],
  ])('%s is rejected', async (_name, key) => {
    const { client } = await newUser();
    const refused = await post(key, { title: 'Buy milk' }, client);
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({ errors: [{ in: 'header', name: 'Idempotency-Key' }] });
    expect(await idsOf(client)).toEqual([]);
  });

  test('sent more than once is rejected', async () => {
    const refused = await rawRequest<Problem>(service.url, {
      method: 'POST',
      path: '/api/tasks',
      token: await tokenOf('alice'),
      headers: { 'Idempotency-Key': ['one', 'two'] },
      body: '{"title":"Buy milk"}',
    });
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toMatchObject([{ in: 'header', name: 'Idempotency-Key' }]);
  });
});
