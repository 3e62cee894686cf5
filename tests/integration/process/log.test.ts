import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from '../../support/client.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { startTestProcess } from '../../support/process.ts';
import { administer } from '../../support/server.ts';

const SECRET = 'the-secret-of-the-process-tests-00000';
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('logs one JSON line per request, without personal data', async () => {
  const service = await startTestProcess({
    DATABASE_URL: database.url,
    BETTER_AUTH_SECRET: SECRET,
  });
  const client = createClient(service.url, service.token);
  const title = 'private-title';
  const description = 'private-description';
  const id = (n: number) => ({
    'Idempotency-Key': `private-key-${n}`,
    'X-Request-Id': `request-${n}`,
  });
  const body = { title, description };

  await administer(
    database.url,
    "alter table tasks add constraint breaks check (title <> 'private-title, broken')",
  );
  const { status } = await client.post('/api/tasks', body, { headers: id(1) });
  expect(status).toBe(201);
  await client.post('/api/tasks', { ...body, [title]: 1 }, { headers: id(2) });
  await client.post('/api/tasks', `{"title": "${title}`, { headers: id(3) });
  await client.get(`/api/tasks?cursor=${title}`, { headers: id(4) });
  await client.get(`/${title}?${title}=${description}`, { headers: id(5) });
  const broken = { title: `${title}, broken`, description };
  const fault = await client.post('/api/tasks', broken, { headers: id(6) });
  expect(fault.status).toBe(500);
  await client.get('/api/tasks', { headers: id(7), token: `${service.token}x` });
  await client.get('/livez', { headers: id(8), token: null });
  expect(await service.end('SIGTERM')).toBe(0);

  const lines = service.log().filter(({ msg }) => msg === 'request');
  const line = (n: number) => lines.find((it) => it['request_id'] === `request-${n}`);
  const logged = lines.map(({ request_id, operationId, status: code, user_id }) =>
    [request_id, operationId, code, user_id].join(' '),
  );
  expect(logged).toEqual([
    'request-1 createTask 201 demo',
    'request-2 createTask 422 demo',
    'request-3 createTask 400 demo',
    'request-4 listTasks 422 demo',
    'request-5  404 ',
    'request-6 createTask 500 demo',
    'request-7 listTasks 401 ',
    'request-8 getLiveness 200 ',
  ]);
  for (const { duration_ms } of lines) expect(duration_ms).toBeGreaterThan(0);
  expect(line(1)).toMatchObject({ level: 30, method: 'POST' });

  const faults = service.log().filter(({ msg }) => msg === 'internal-error');
  expect(faults).toMatchObject([{ level: 50, request_id: 'request-6' }]);
  expect(JSON.stringify(faults)).toContain('breaks');

  const log = service
    .log()
    .map((it) => JSON.stringify(it))
    .join('\n');
  const signature = service.token.split('.')[2] ?? '';
  const password = new URL(database.url).password;
  for (const hidden of ['private', signature, SECRET, ...(password ? [password] : [])]) {
    expect(log).not.toContain(hidden);
  }
});
