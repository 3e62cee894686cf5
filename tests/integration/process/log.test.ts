import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createClient } from '../../support/client.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { startTestProcess, unset } from '../../support/process.ts';
import { PRODUCTION } from '../../support/production.ts';
import { administer } from '../../support/server.ts';
import { unusedPort } from '../../support/unused-port.ts';

const SECRET = 'the-secret-of-the-process-tests-00000';
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test.runIf(existsSync('/dev/full'))(
  'a log that cannot be written, as on a full disk, does not stop the service',
  async () => {
    const port = await unusedPort();
    const file = openSync('/dev/full', 'w');
    const settings = { HOST: '127.0.0.1', PORT: String(port), LOG_LEVEL: 'trace' };
    const child = spawn(process.execPath, ['src/main.ts'], {
      env: { ...process.env, ...unset, ...PRODUCTION, ...settings, DATABASE_URL: database.url },
      stdio: ['ignore', file, 'inherit'],
    });
    closeSync(file);
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    const exited = once(child, 'exit');
    const status = () =>
      fetch(`http://127.0.0.1:${port}/readyz`).then(
        (response) => response.status,
        () => undefined,
      );
    await expect.poll(status).toBe(200);
    for (let count = 0; count < 50; count++) expect(await status()).toBe(200);
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  },
);

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
