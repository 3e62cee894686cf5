import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient, type Client, type Problem, type ApiResponse } from '../support/client.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startProxy, type Proxy } from '../support/proxy.ts';
import { administer } from '../support/server.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { tokenOf } from '../support/tokens.ts';

const POOL_SIZE = 4;
/** The statements of a user that are sent at a time: three quarters of the four on each of the three connections for short ones. */
const MAX_SENT = 9;

let database: TestDatabase;
let proxy: Proxy;
let service: TestService;
let client: Client;
/** The path of an existing task. */
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
  // The shutdown is bounded even if the database hangs.
  proxy.freeze();
  await service.stop();
  await proxy.down();
  await database.drop();
});

/** A request for every operation that needs the database. */
const requests = () => [
  ['GET', '/api/me/export'] as const,
  ['DELETE', '/api/me'] as const,
  ['DELETE', '/api/me/tokens'] as const,
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

function expectUnavailable({ status, body, headers }: ApiResponse): void {
  expect(status).toBe(503);
  expect(headers.get('retry-after')).toBe('5');
  // Neither the cause nor host names.
  const { code, detail } = body as Problem;
  expect({ code, detail }).toEqual({
    code: 'unavailable',
    detail: 'The service is temporarily unavailable',
  });
}

async function expectRecovery(): Promise<void> {
  await expect.poll(async () => (await client.get('/readyz')).status).toBe(200);
  const task = await client.create({ title: 'after the fault' });
  expect((await client.get(`/api/tasks/${task.id}`)).body).toEqual(task);
}

/** Counts each title in the database, without the proxy. */
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

  test('fails the readiness check, not the liveness check', async () => {
    expectUnavailable(await client.get('/readyz'));
    expect((await client.get('/livez')).status).toBe(200);
  });

  test('does not affect requests that need no database', async () => {
    expect((await client.get('/api/me')).status).toBe(200);
    expect((await client.post('/api/tasks', {})).status).toBe(422);
    expect((await client.get('/api/tasks', { token: null })).status).toBe(401);
    expect((await client.get('/api/bob/tasks')).status).toBe(403);
    expect((await client.get('/nope')).status).toBe(404);
  });

  test('is logged as a warning with the cause', async () => {
    const headers = { 'X-Request-Id': 'told-with-its-cause' };
    await client.get('/api/tasks', { headers });
    const lines = service.log
      .filter((line) => line.includes('told-with-its-cause'))
      .map((line) => JSON.parse(line) as { level: number; err?: unknown });
    const warning = lines.find(({ err }) => err);
    expect(warning?.level).toBe(40);
    expect(JSON.stringify(warning)).toMatch(/ECONNREFUSED|terminated|closed|destroy/i);
  });

  test('does not block concurrent requests', async () => {
    const responses = await Promise.all(Array.from({ length: 100 }, () => client.get(path)));
    for (const response of responses) expectUnavailable(response);
  });

  test('is used again after it recovers; failed writes do not take effect later', async () => {
    await proxy.up();
    await expectRecovery();
    expect(await countTitles('given up')).toEqual([]);
  });
});

test('connections that were lost between two requests are replaced', async () => {
  await Promise.all(Array.from({ length: POOL_SIZE }, () => client.get(path)));
  await proxy.down();
  await proxy.up();
  await expectRecovery();
});

/** As a serverless database does: it wakes up when the next connection comes. */
describe.each(['closed', 'reset'] as const)('a database that sleeps: connections are %s', (how) => {
  test('wakes up with the first request', async () => {
    await Promise.all(Array.from({ length: POOL_SIZE }, () => client.get(path)));
    proxy.sleep(how, 3_000);
    const responses = await Promise.all(Array.from({ length: 10 }, () => client.get(path)));
    for (const response of responses) if (response.status !== 200) expectUnavailable(response);
    await expectRecovery();
    // Not a connection of before is left.
    const repeated = await Promise.all(Array.from({ length: 20 }, () => client.get(path)));
    expect(new Set(repeated.map(({ status }) => status))).toEqual(new Set([200]));
  });
});

test('a service starts on a database that sleeps', async () => {
  proxy.sleep('closed', 3_000);
  const other = await startTestService({ DATABASE_URL: proxy.url });
  expect((await createClient(other.url).get('/readyz')).status).toBe(200);
  await other.stop();
  await expectRecovery();
});

describe('a database that hangs', () => {
  const keyOf = (index: number) => ({ 'Idempotency-Key': `hanging-${index}` });
  const create = (index: number) =>
    client.post('/api/tasks', { title: `hanging ${index}` }, { headers: keyOf(index) });
  const COUNT = 40;

  test('times out; statements that were not sent do not take effect later', async () => {
    // All connections are open, so that the first statements are sent.
    await Promise.all(Array.from({ length: POOL_SIZE }, () => client.get(path)));
    proxy.freeze();
    const indexes = Array.from({ length: COUNT }, (_, index) => index);
    const [responses, readiness, liveness] = await Promise.all([
      Promise.all(indexes.map(create)),
      client.get('/readyz'),
      client.get('/livez'),
    ]);
    for (const response of responses) expectUnavailable(response);
    expectUnavailable(readiness);
    expect(liveness.status).toBe(200);

    proxy.thaw();
    await expectRecovery();
    // A statement that was sent may have taken effect, once.
    const counts = await countTitles('hanging %');
    expect(counts.length).toBeLessThanOrEqual(MAX_SENT);
    expect(new Set(counts).size).toBeLessThanOrEqual(1);

    // After a retry with the same key, each task exists exactly once.
    const repeated = await Promise.all(indexes.map(create));
    expect(repeated.map(({ status }) => status)).toEqual(indexes.map(() => 201));
    expect(await countTitles('hanging %')).toEqual(indexes.map(() => 1));
  });

  test('has no lasting effect: all statements succeed again', async () => {
    const responses = await Promise.all(Array.from({ length: 50 }, () => client.get(path)));
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
  });
});
