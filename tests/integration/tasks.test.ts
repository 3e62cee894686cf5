import { beforeAll, describe, expect, test } from 'vitest';
import { type Client, type Problem, type ApiResponse, createClient } from '../support/client.ts';
import { useService } from '../support/service.ts';
import { tokenOf } from '../support/tokens.ts';

const service = useService();
let alice: Client;

beforeAll(async () => {
  alice = createClient(service.url, await tokenOf('alice'));
});

const anyone = async (name: string) => createClient(service.url, await tokenOf(name));
const etag = (response: ApiResponse) => response.headers.get('etag');

/** Headers that differ between requests or connections. */
const PASSING = ['date', 'x-request-id', 'connection', 'keep-alive'];
const headersOf = ({ headers }: ApiResponse) =>
  Object.fromEntries([...headers].filter(([name]) => !PASSING.includes(name)));

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/;
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function expectTaskHeaders({ headers }: ApiResponse): void {
  expect(headers.get('cache-control')).toBe('private, no-cache');
  expect(headers.get('vary')).toMatch(/\bAuthorization\b/);
}

describe.each([['/api/tasks'], ['/api/alice/tasks']])('%s', (base) => {
  test('creates a task with the defaults', async () => {
    const response = await alice.post(base, { title: 'Buy milk' });
    expect(response.status, response.text).toBe(201);
    expect(response.body).toEqual({
      id: expect.stringMatching(UUID_V7) as string,
      user_id: 'alice',
      title: 'Buy milk',
      description: null,
      completed: false,
      created_at: expect.stringMatching(RFC_3339) as string,
      updated_at: response.body.created_at,
    });
    expect(Math.abs(Date.parse(response.body.created_at) - Date.now())).toBeLessThan(60_000);
    expect(response.headers.get('content-type')).toMatch(/^application\/json\b/);
    expect(etag(response)).toMatch(/^"[^"]+"$/);
    expectTaskHeaders(response);
  });

  test('creates a task with all fields', async () => {
    const fields = { title: 'Call Zoë', description: 'At six', completed: true };
    expect((await alice.post(base, fields)).body).toMatchObject(fields);
    const noDescription = await alice.post(base, { title: 'Walk', description: null });
    expect(noDescription.body).toMatchObject({ title: 'Walk', description: null });
    expect((await alice.post(base, { title: 'Sing', description: '' })).body.description).toBe('');
  });

  test('returns the URL of the new task in Location', async () => {
    const created = await alice.post(base, { title: 'Buy milk' });
    const location = created.headers.get('location') ?? '';
    expect(location).toBe(`${base}/${created.body.id}`);
    const found = await alice.get(location);
    expect(found.status).toBe(200);
    expect(found.text).toBe(created.text);
    expect(etag(found)).toBe(etag(created));
    expectTaskHeaders(found);
  });

  test('gets a task by its id in upper case', async () => {
    const task = await alice.create();
    const found = await alice.get(`${base}/${task.id.toUpperCase()}`);
    expect(found.body).toEqual(task);
  });

  test('lists tasks, newest first', async () => {
    const older = await alice.create({ title: 'Older' });
    const newer = await alice.create({ title: 'Newer', completed: true });
    const page = await alice.list('?limit=2', base);
    expect(page.status).toBe(200);
    expect(page.body.items).toEqual([newer, older]);
    expectTaskHeaders(page);
    expect(page.headers.get('etag')).toBeNull();
  });

  test('lists only tasks with the given status', async () => {
    const pending = await alice.create({ title: 'Pending' });
    const completed = await alice.create({ title: 'Completed', completed: true });
    const ids = async (query: string) =>
      (await alice.list(query, base)).body.items.map((task) => task.id);
    expect(await ids('?status=pending')).toContain(pending.id);
    expect(await ids('?status=pending')).not.toContain(completed.id);
    expect(await ids('?status=completed')).toContain(completed.id);
    expect(await ids('?status=completed')).not.toContain(pending.id);
    expect(await ids('?status=all')).toEqual(await ids(''));
    expect(await ids('')).toEqual(expect.arrayContaining([pending.id, completed.id]));
  });

  test.each([
    ['id', '019aa3c5-6d0e-7c3b-8f3a-5b1f0c9d7e21'],
    ['user_id', 'alice'],
    ['created_at', '2026-11-21T09:30:00Z'],
    ['updated_at', '2026-11-21T09:30:00Z'],
    ['version', 7],
    ['colour', 'red'],
  ])('rejects a new task with %s', async (name, value) => {
    const refused = await alice.post<Problem>(base, { title: 'Buy milk', [name]: value });
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toMatchObject([{ in: 'body', name }]);
  });

  test.each([
    [{}, 'title'],
    [{ description: 'Without a title' }, 'title'],
    [{ title: null }, 'title'],
    [{ title: 'Buy milk', completed: null }, 'completed'],
    [{ title: 'Buy milk', completed: 1 }, 'completed'],
    [{ title: 'Buy milk', description: ['a'] }, 'description'],
  ])('rejects the new task %j', async (body, name) => {
    const refused = await alice.post<Problem>(base, body);
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toMatchObject([{ in: 'body', name }]);
  });

  test('toggles without a body, sets with one', async () => {
    const { id } = await alice.create();
    const path = `${base}/${id}/complete`;
    const responses = [];
    for (const [body, completed] of [
      [undefined, true],
      [undefined, false],
      [{ completed: true }, true],
      [{ completed: true }, true],
      [{ completed: false }, false],
      [undefined, true],
    ] as const) {
      const response = await alice.patch(path, body);
      expect(response.status, response.text).toBe(200);
      expect(response.body.completed).toBe(completed);
      expectTaskHeaders(response);
      expect((await alice.get(`${base}/${id}`)).text).toBe(response.text);
      responses.push(response);
    }
    expect(responses[1]?.body.title).toBe('Buy milk');
    // The fourth request changes nothing.
    expect(responses[3]?.text).toBe(responses[2]?.text);
    const tags = responses.map(etag);
    expect(tags[3]).toBe(tags[2]);
    expect(new Set(tags).size).toBe(responses.length - 1);
  });

  test.each([
    [{}],
    [{ completed: null }],
    [{ completed: 'yes' }],
    [{ completed: true, title: 'x' }],
  ])('rejects a completion with %j', async (body) => {
    const task = await alice.create();
    expect((await alice.patch(`${base}/${task.id}/complete`, body)).status).toBe(422);
    expect((await alice.get(`${base}/${task.id}`)).body).toEqual(task);
  });

  test('deletes a task only once', async () => {
    const { id } = await alice.create();
    const other = await alice.create();
    const deleted = await alice.delete(`${base}/${id}`);
    expect(deleted.status).toBe(204);
    expect(deleted.text).toBe('');
    expect(deleted.headers.get('cache-control')).toBe('no-store');
    expect(deleted.headers.get('etag')).toBeNull();
    expect((await alice.get(`${base}/${id}`)).status).toBe(404);
    expect((await alice.delete(`${base}/${id}`)).status).toBe(404);
    const listed = (await alice.list('', base)).body.items.map((task) => task.id);
    expect(listed).not.toContain(id);
    expect(listed).toContain(other.id);
  });

  test('has a new ETag after every change', async () => {
    const created = await alice.post(base, { title: 'One' });
    const path = `${base}/${created.body.id}`;
    const changed = [
      created,
      await alice.put(path, { title: 'Two' }),
      await alice.patch(path, { title: 'One' }),
      await alice.patch(`${path}/complete`),
      await alice.patch(`${path}/complete`),
      await alice.put(path, { description: 'Three' }),
      await alice.put(path, { description: null }),
    ];
    expect(changed.map(({ status }) => status)).toEqual([201, 200, 200, 200, 200, 200, 200]);
    expect(new Set(changed.map(etag)).size).toBe(changed.length);
  });

  test('returns 304 for a matching If-None-Match', async () => {
    const created = await alice.post(base, { title: 'Buy milk' });
    const path = `${base}/${created.body.id}`;
    const headers = { 'If-None-Match': etag(created) ?? '' };
    const notModified = await alice.get(path, { headers });
    expect(notModified.status).toBe(304);
    expect(notModified.text).toBe('');
    expect(etag(notModified)).toBe(etag(created));
    expect(notModified.headers.get('content-type')).toBeNull();
    expectTaskHeaders(notModified);
    await alice.patch(path, { title: 'Buy bread' });
    expect((await alice.get(path, { headers })).status).toBe(200);
  });

  test('responds to HEAD like to GET, without a body', async () => {
    const { id } = await alice.create();
    for (const path of [
      base,
      `${base}?limit=1`,
      `${base}/${id}`,
      `${base}/${crypto.randomUUID()}`,
    ]) {
      await expectSameHead(alice, path);
    }
    const found = await alice.get(`${base}/${id}`);
    const headers = { 'If-None-Match': etag(found) ?? '' };
    expect((await alice.request('HEAD', `${base}/${id}`, { headers })).status).toBe(304);
  });

  test('returns an empty list for a user without tasks', async () => {
    const name = base === '/api/tasks' ? 'alice-without-tasks' : 'alice-of-none';
    const path = base.replace('alice', name);
    expect((await (await anyone(name)).list('', path)).body).toEqual({
      items: [],
      next_cursor: null,
    });
  });
});

async function expectSameHead(client: Client, path: string): Promise<void> {
  const got = await client.get(path);
  const head = await client.request('HEAD', path);
  expect(head.status).toBe(got.status);
  expect(head.text).toBe('');
  const { 'content-length': length, ...headers } = headersOf(got);
  expect(headersOf(head), path).toMatchObject(headers);
  // Content-Length may be omitted, but must not differ (RFC 9110, section 9.3.2).
  expect(head.headers.get('content-length') ?? length).toBe(length);
}

test('both path styles return the same tasks', async () => {
  const bob = await anyone('bob');
  const one = await bob.post('/api/tasks', { title: 'One' });
  const two = await bob.post('/api/bob/tasks', { title: 'Two' });
  expect((await bob.list('?order=asc')).body.items).toEqual([one.body, two.body]);
  expect((await bob.list('?order=asc', '/api/bob/tasks')).body.items).toEqual([one.body, two.body]);
  expect((await bob.get(`/api/bob/tasks/${one.body.id}`)).text).toBe(one.text);
  expect((await bob.get(`/api/tasks/${two.body.id}`)).text).toBe(two.text);
});

test('getCurrentUser returns the claims of the token', async () => {
  const me = await alice.get<unknown>('/api/me');
  expect(me.status).toBe(200);
  expect(me.body).toEqual({ id: 'alice', email: 'alice@example.com', name: 'alice' });
  expect(me.headers.get('cache-control')).toBe('no-store');
  expect(me.headers.get('vary')).toMatch(/\bAuthorization\b/);
  await expectSameHead(alice, '/api/me');
});

test.each(['/livez', '/readyz'])('%s requires no token', async (path) => {
  const stranger = createClient(service.url);
  const response = await stranger.get<unknown>(path);
  expect(response.status).toBe(200);
  expect(response.body).toEqual({ status: 'ok' });
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect((await stranger.get(path, { token: 'nonsense' })).status).toBe(200);
  await expectSameHead(stranger, path);
});
