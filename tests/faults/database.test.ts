import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient, type Client, type Problem, type Reply } from '../support/client.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startProxy, type Proxy } from '../support/proxy.ts';
import { administer } from '../support/server.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { tokenOf } from '../support/tokens.ts';

const POOL_SIZE = 4;

let database: TestDatabase;
let proxy: Proxy;
let service: TestService;
let client: Client;
/** The path of a task that is there. */
let path: string;

beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await startProxy(database.url);
  service = await startTestService({
    DATABASE_URL: proxy.url,
    DATABASE_POOL_SIZE: String(POOL_SIZE),
  });
  client = createClient(service.url, await tokenOf('alice'));
  path = `/api/tasks/${(await client.create()).id}`;
});
afterAll(async () => {
  // Stopping is bounded, too, whatever the database does.
  proxy.freeze();
  await service.stop();
  await proxy.down();
  await database.drop();
});

/** Every operation that needs the database. */
const requests = () => [
  ['GET', '/api/me/export'] as const,
  ['DELETE', '/api/me'] as const,
  ['GET', '/api/me/task-counts'] as const,
  ...['/api', '/api/alice'].flatMap((family) => {
    const task = path.replace('/api', family);
    const title = { title: 'given up' };
    return [
      ['GET', `${family}/tasks`],
      ['GET', `${family}/tasks?sort=title&status=pending`],
      ['POST', `${family}/tasks`, title],
      ['GET', task],
      ['PUT', task, title],
      ['PATCH', task, title],
      ['PATCH', `${task}/complete`],
      ['DELETE', task],
      ['DELETE', task, undefined, { 'If-Match': '"999"' }],
    ] as const;
  }),
];

function expectUnavailable({ status, body, headers }: Reply): void {
  expect(status).toBe(503);
  expect(headers.get('retry-after')).toBe('5');
  // No cause, no address, no name of anything inside.
  const { code, detail } = body as Problem;
  expect({ code, detail }).toEqual({
    code: 'unavailable',
    detail: 'The service is not available at the moment',
  });
}

async function expectRecovery(): Promise<void> {
  await expect
    .poll(async () => (await client.get('/readyz')).status, { timeout: 10_000 })
    .toBe(200);
  const task = await client.create({ title: 'after the fault' });
  expect((await client.get(`/api/tasks/${task.id}`)).body).toEqual(task);
}

/** How often each title is in the database itself. */
async function countTitles(like: string): Promise<number[]> {
  const rows = await administer(
    database.url,
    `select count(*)::int from tasks where title like '${like}' group by title`,
  );
  return rows.map((row) => row['count'] as number);
}

describe('a database that is down', () => {
  beforeAll(() => proxy.down());
  test('makes every operation that needs it unavailable', async () => {
    for (const [method, target, body, headers = {}] of requests()) {
      expectUnavailable(await client.request(method, target, { body, headers }));
    }
  });

  test('is what readiness tells, and liveness does not', async () => {
    expectUnavailable(await client.get('/readyz'));
    expect((await client.get('/livez')).status).toBe(200);
  });

  test('changes nothing about what needs no database', async () => {
    expect((await client.get('/api/me')).status).toBe(200);
    expect((await client.post('/api/tasks', {})).status).toBe(422);
    expect((await client.get('/api/tasks', { token: null })).status).toBe(401);
    expect((await client.get('/api/bob/tasks')).status).toBe(403);
    expect((await client.get('/nope')).status).toBe(404);
  });

  test('is a warning in the log, with its cause', async () => {
    const headers = { 'X-Request-Id': 'told-with-its-cause' };
    await client.get('/api/tasks', { headers });
    const lines = service.log
      .filter((line) => line.includes('told-with-its-cause'))
      .map((line) => JSON.parse(line) as { level: number; err?: unknown });
    const warning = lines.find(({ err }) => err);
    expect(warning?.level).toBe(40);
    expect(JSON.stringify(warning)).toMatch(/ECONNREFUSED|terminated|closed|destroy/i);
  });

  test('hangs nobody, however many ask at once', async () => {
    const replies = await Promise.all(Array.from({ length: 100 }, () => client.get(path)));
    for (const reply of replies) expectUnavailable(reply);
  });

  test('is used again as soon as it is back, and nothing happens late', async () => {
    await proxy.up();
    await expectRecovery();
    expect(await countTitles('given up')).toEqual([]);
  });
});

test('connections that were lost between two requests are made anew', async () => {
  await Promise.all(Array.from({ length: POOL_SIZE }, () => client.get(path)));
  await proxy.down();
  await proxy.up();
  await expectRecovery();
});

describe('a database that hangs', () => {
  const keyOf = (index: number) => ({ 'Idempotency-Key': `hanging-${index}` });
  const create = (index: number) =>
    client.post('/api/tasks', { title: `hanging ${index}` }, { headers: keyOf(index) });
  const COUNT = 40;

  test('is given up on, and what was given up does not happen later', async () => {
    // All connections are there, so that the first statements are on their way.
    await Promise.all(Array.from({ length: POOL_SIZE }, () => client.get(path)));
    proxy.freeze();
    const indexes = Array.from({ length: COUNT }, (_, index) => index);
    const [replies, readiness, liveness] = await Promise.all([
      Promise.all(indexes.map(create)),
      client.get('/readyz'),
      client.get('/livez'),
    ]);
    for (const reply of replies) expectUnavailable(reply);
    expectUnavailable(readiness);
    expect(liveness.status).toBe(200);

    proxy.thaw();
    await expectRecovery();
    // What had been sent may have been done, once.
    const counts = await countTitles('hanging %');
    expect(counts.length).toBeLessThanOrEqual(POOL_SIZE);
    expect(new Set(counts).size).toBeLessThanOrEqual(1);

    // A repeat with the same key makes each the one that it was meant to be.
    const repeated = await Promise.all(indexes.map(create));
    expect(repeated.map(({ status }) => status)).toEqual(indexes.map(() => 201));
    expect(await countTitles('hanging %')).toEqual(indexes.map(() => 1));
  });

  test('leaves nothing behind: statements work as before', async () => {
    const replies = await Promise.all(Array.from({ length: 50 }, () => client.get(path)));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
  });
});
