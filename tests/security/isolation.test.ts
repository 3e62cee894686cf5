import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OperationId, PublicOperationId } from '../../src/contract.ts';
import {
  type Client,
  type Problem,
  type RequestOptions,
  type Task,
  createClient,
} from '../support/client.ts';
import { operationOf, operations as documented, pathOf } from '../support/operations.ts';
import { rawRequest } from '../support/raw-request.ts';
import { administer } from '../support/server.ts';
import { useService } from '../support/service.ts';
import { expiredTokenOf, forgedTokenOf, tokenOf } from '../support/tokens.ts';

/** The status for the owner of the list and the task, and for another user with the same request. */
const outcomes: Record<
  Exclude<OperationId, PublicOperationId>,
  { owner: number; other: number }
> = {
  listTasks: { owner: 200, other: 200 },
  createTask: { owner: 201, other: 201 },
  getTask: { owner: 200, other: 404 },
  updateTask: { owner: 200, other: 404 },
  patchTask: { owner: 200, other: 404 },
  completeTask: { owner: 200, other: 404 },
  deleteTask: { owner: 204, other: 404 },
  listUserTasks: { owner: 200, other: 403 },
  createUserTask: { owner: 201, other: 403 },
  getUserTask: { owner: 200, other: 403 },
  updateUserTask: { owner: 200, other: 403 },
  patchUserTask: { owner: 200, other: 403 },
  completeUserTask: { owner: 200, other: 403 },
  deleteUserTask: { owner: 204, other: 403 },
  getCurrentUser: { owner: 200, other: 200 },
  deleteCurrentUser: { owner: 204, other: 204 },
  exportCurrentUser: { owner: 200, other: 200 },
  revokeTokens: { owner: 204, other: 204 },
  countTasks: { owner: 200, other: 200 },
};

const operations = (Object.keys(outcomes) as (keyof typeof outcomes)[]).map((operationId) => ({
  ...operationOf(operationId),
  ...outcomes[operationId],
}));

const codes = { 403: 'access-forbidden', 404: 'not-found' } as const;

const service = useService();
let alice: Client;
let bob: Client;

// Each test has new tokens, because some tests revoke theirs.
beforeEach(async () => {
  alice = createClient(service.url, await tokenOf('alice'));
  bob = createClient(service.url, await tokenOf('bob'));
});
beforeAll(async () => {
  await createClient(service.url, await tokenOf('bob')).create({ title: "Bob's own" });
});

/** All stored rows, or those of one user. */
async function stored(user?: string): Promise<unknown> {
  const where = user === undefined ? '' : `where user_id = '${user}'`;
  const whereId = where.replace('user_id', 'id');
  return [
    await administer(service.databaseUrl, `select * from tasks ${where} order by user_id, id`),
    await administer(service.databaseUrl, `select * from idempotency_keys ${where} order by key`),
    await administer(service.databaseUrl, `select * from users ${whereId} order by id`),
  ];
}

test('the table contains every operation of the contract that requires a token', () => {
  const secured = documented.filter((operation) => operation.secured);
  expect(secured.map(({ operationId }) => operationId).toSorted()).toEqual(
    Object.keys(outcomes).toSorted(),
  );
});

describe.each(operations)('$operationId', (operation) => {
  const { method, body, owner, other } = operation;
  const send = (
    client: Client,
    { id }: Pick<Task, 'id'>,
    user: string,
    options: RequestOptions = {},
  ) => client.request(method, pathOf(operation, user, id), { body, ...options });

  test('succeeds for the owner', async () => {
    const response = await send(alice, await alice.create(), 'alice');
    expect(response.status, response.text).toBe(owner);
    // Counts and deletions return nothing that names the owner.
    if (owner !== 204 && !operation.path.endsWith('counts'))
      expect(response.text).toContain('alice');
    expect(response.text).not.toContain('bob');
  });

  test("does not show or change the owner's data for another user", async () => {
    const task = await alice.create({ title: 'A secret of hers' });
    const before = await stored(other < 400 ? 'alice' : undefined);
    const response = await send(bob, task, 'alice');
    expect(response.status, response.text).toBe(other);
    if (other === 403 || other === 404) {
      expect((response.body as Problem).code).toBe(codes[other]);
    }
    expect(response.text).not.toMatch(/alice|secret/);
    expect(response.text).not.toContain(task.id);
    expect(await stored(other < 400 ? 'alice' : undefined)).toEqual(before);
  });

  test("does not find the owner's data under the path of another user", async () => {
    const task = await alice.create({ title: 'A secret of hers' });
    const before = await stored('alice');
    const response = await send(bob, task, 'bob');
    expect(response.status, response.text).toBe(operation.path.includes('{id}') ? 404 : owner);
    expect(response.text).not.toMatch(/alice|secret/);
    expect(await stored('alice')).toEqual(before);
  });

  test.each<[string, () => Promise<string> | null, string]>([
    ['no token', () => null, 'not-authenticated'],
    ['an expired token', () => expiredTokenOf('alice'), 'token-expired'],
    ['a forged token', () => forgedTokenOf('alice'), 'invalid-token'],
  ])('is rejected with %s', async (_name, makeToken, code) => {
    const task = await alice.create({ title: 'A secret of hers' });
    const before = await stored();
    const response = await send(alice, task, 'alice', { token: await makeToken() });
    expect(response.status).toBe(401);
    expect((response.body as Problem).code).toBe(code);
    expect(response.text).not.toMatch(/alice|secret/);
    expect(await stored()).toEqual(before);
  });
});

describe("responses do not reveal whether a task is another user's, deleted or never existed", () => {
  const aboutTasks = operations.filter(({ path }) => path.includes('{id}'));
  const requests = [
    ...aboutTasks.map((operation) => ({ ...operation, headers: {} })),
    ...aboutTasks.map((operation) => ({ ...operation, headers: { 'If-Match': '"1"' } })),
    ...aboutTasks.map((operation) => ({ ...operation, headers: { 'If-Match': 'W/"1"' } })),
    ...aboutTasks.map((operation) => ({ ...operation, headers: { 'If-Match': '*' } })),
    ...aboutTasks.map((operation) => ({ ...operation, headers: { 'If-None-Match': '*' } })),
    ...aboutTasks
      .filter(({ method }) => method === 'GET')
      .map((operation) => ({ ...operation, method: 'HEAD', headers: {} })),
  ];

  test.each(requests)('$method $path with $headers', async (operation) => {
    const theirs = (await alice.create()).id;
    const deleted = (await bob.create()).id;
    await bob.delete(`/api/tasks/${deleted}`);
    const responses = [];
    for (const id of [theirs, deleted, randomUUID()]) {
      const response = await bob.request(operation.method, pathOf(operation, 'bob', id), {
        body: operation.body,
        headers: { ...operation.headers, 'X-Request-Id': 'the-same' },
      });
      expect(response.status).toBe(404);
      const headers = [...response.headers].filter(([name]) => name !== 'date');
      responses.push({ text: response.text, headers });
    }
    expect(responses[1]).toEqual(responses[0]);
    expect(responses[2]).toEqual(responses[0]);
  });

  test('responses do not reveal whether the user in the path exists', async () => {
    const task = await alice.create();
    const headers = { 'X-Request-Id': 'the-same' };
    const [known, unknown] = await Promise.all([
      bob.get(`/api/alice/tasks/${task.id}`, { headers }),
      bob.get(`/api/unknown/tasks/${task.id}`, { headers }),
    ]);
    expect(known.status).toBe(403);
    expect(unknown.text).toBe(known.text);
  });
});

describe('a user id can contain any character except control characters', () => {
  test.each([
    'a/b',
    'a/tasks',
    '%',
    'a%2Fb',
    '%00',
    'ü',
    'u\u0308',
    '👩‍👩‍👧',
    ' ',
    ' a b ',
    'a?b#c&d=e+f',
    '..',
    '.',
    'a\\b',
    '__proto__',
    `'; drop table tasks; --`,
    '<b>"',
    '\u2028',
    '{user_id}',
    ':id',
    '*',
    'me',
    'x'.repeat(255),
    '𝒳'.repeat(255),
  ])('%j', async (user) => {
    const token = await tokenOf(user);
    // Dots are encoded as well, because clients would resolve them.
    const base = `/api/${encodeURIComponent(user).replaceAll('.', '%2E')}/tasks`;
    const send = <Body = Task>(method: string, path: string, body?: unknown) =>
      rawRequest<Body>(service.url, {
        method,
        path,
        token,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });

    const created = await send('POST', base, { title: 'Mine' });
    expect(created.status, created.text).toBe(201);
    expect(created.body.user_id).toBe(user);
    const location = created.headers.get('location') ?? '';
    expect(location).toBe(`${base}/${created.body.id}`);
    expect((await send('GET', location)).text).toBe(created.text);
    expect((await send<{ items: Task[] }>('GET', base)).body.items).toEqual([created.body]);
    expect((await send('GET', `/api/tasks/${created.body.id}`)).text).toBe(created.text);
    expect((await send('PATCH', `${location}/complete`)).body.completed).toBe(true);
    expect((await send<{ id: string }>('GET', '/api/me')).body.id).toBe(user);

    const intruder = await tokenOf('intruder');
    expect((await rawRequest(service.url, { path: location, token: intruder })).status).toBe(403);
    expect((await send('GET', `/api/${encodeURIComponent(`${user}x`)}/tasks`)).status).toBe(
      user.length < 255 ? 403 : 422,
    );
    expect((await send('DELETE', location)).status).toBe(204);
  });

  test('similar user ids are different users', async () => {
    const composed = createClient(service.url, await tokenOf('zo\u00EB'));
    await composed.create();
    for (const user of ['zoe\u0308', 'Zo\u00EB', 'zo\u00EB ', 'zoe']) {
      const client = createClient(service.url, await tokenOf(user));
      expect((await client.list()).body.items).toEqual([]);
      expect((await client.get(`/api/${encodeURIComponent('zo\u00EB')}/tasks`)).status).toBe(403);
    }
  });

  test('equivalent percent-encodings are the same user', async () => {
    const created = await alice.create();
    const found = await alice.get(`/api/%61l%69ce/tasks/${created.id}`);
    expect(found.status).toBe(200);
  });

  test.each(['%0A', 'a%09b', '%1F', '%7F', '%C2%80', '%C2%85', '%C2%9F', 'x'.repeat(256)])(
    '%s is rejected in a path',
    async (encoded) => {
      const refused = await alice.get<Problem>(`/api/${encoded}/tasks`);
      expect(refused.status).toBe(422);
      expect(refused.body.errors).toMatchObject([{ in: 'path', name: 'user_id' }]);
    },
  );

  test.each(['%00', 'a%00b', '%ff', '%ED%A0%80', '%', '%zz'])(
    '%s in a path is malformed',
    async (encoded) => {
      const refused = await rawRequest<Problem>(service.url, {
        path: `/api/${encoded}/tasks`,
        token: await tokenOf('alice'),
      });
      expect(refused.body.code).toBe('malformed-request');
    },
  );
});

test('/api/tasks/tasks is a task with an invalid id, also for a user called "tasks"', async () => {
  const user = createClient(service.url, await tokenOf('tasks'));
  const created = await user.create();
  const refused = await user.get<Problem>('/api/tasks/tasks');
  expect(refused.status).toBe(422);
  expect(refused.body.errors).toMatchObject([{ in: 'path', name: 'id' }]);
  expect((await user.list()).body.items).toEqual([created]);
  expect((await user.get(`/api/tasks/tasks/${created.id}`)).body).toEqual(created);
});
