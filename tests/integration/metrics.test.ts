import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from '../support/client.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { runProcess, startTestProcess } from '../support/process.ts';
import { sendRaw } from '../support/raw-socket.ts';
import { useService } from '../support/service.ts';
import { forgedTokenOf, SECRET, tokenOf } from '../support/tokens.ts';
import { unusedPort } from '../support/unused-port.ts';

const service = useService();
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** The value of a metric; 0 if it has no value. */
const valueOf = (text: string, metric: string) =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${metric} `))
      ?.slice(metric.length) ?? 0,
  );

test.each(availableParallelism() > 1 ? ['1', '2'] : ['1'])(
  'METRICS_PORT serves the metrics of %s process(es)',
  async (workers) => {
    const port = await unusedPort();
    const running = await startTestProcess({
      DATABASE_URL: database.url,
      BETTER_AUTH_SECRET: SECRET,
      METRICS_PORT: String(port),
      WORKERS: workers,
      RATE_LIMIT: '8',
      AUTH_FAILURE_LIMIT: '1',
    });
    const client = createClient(running.url, await tokenOf('alice'));
    for (let count = 0; count < 5; count++) await client.list();
    await client.get('/api/tasks', { token: null });
    await client.delete('/api/me/tokens');
    // More than both processes allow.
    const token = await tokenOf('bob');
    for (let count = 0; count < 17; count++) await client.get('/api/me', { token });
    const forged = await forgedTokenOf('alice');
    for (let count = 0; count < 3; count++) await client.get('/api/me', { token: forged });

    await sendRaw(Number(new URL(running.url).port), 'garbage\r\n\r\n');

    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect(response.headers.get('content-type')).toContain('version=0.0.4');
    const text = await response.text();
    const requests = (labels: string) =>
      valueOf(text, `tasks_request_duration_seconds_count{${labels}}`);
    expect(requests('operation="listTasks",status="200"')).toBe(5);
    expect(requests('operation="listTasks",status="401"')).toBe(1);
    expect(requests('operation="none",status="400"')).toBe(1);
    expect(requests('operation="revokeTokens",status="204"')).toBe(1);
    const rejected = (reason: string) =>
      valueOf(text, `tasks_rejected_tokens_total{reason="${reason}"}`);
    expect(rejected('not-authenticated')).toBe(1);
    const limited = valueOf(text, 'tasks_invalid_token_limit_exceeded_total');
    expect(limited).toBeGreaterThanOrEqual(1);
    expect(rejected('invalid-token') + limited).toBe(3);
    expect(valueOf(text, 'tasks_user_limit_exceeded_total')).toBeGreaterThanOrEqual(1);
    expect(valueOf(text, 'tasks_token_cache_hits_total')).toBeGreaterThanOrEqual(4);
    expect(valueOf(text, 'tasks_token_cache_misses_total')).toBeGreaterThanOrEqual(2);
    expect(valueOf(text, 'tasks_revocations')).toBe(1);
    expect(valueOf(text, 'tasks_database_connections')).toBeGreaterThanOrEqual(1);
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
    // The metrics contain no tokens or users.
    expect(text).not.toContain('alice');

    // The processes read the revocations from time to time.
    const statements = async () => {
      const now = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      return now.match(/^tasks_database_statements_(running|waiting) .*$/gm);
    };
    await expect
      .poll(statements)
      .toEqual(['tasks_database_statements_running 0', 'tasks_database_statements_waiting 0']);

    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
    expect(await running.end('SIGTERM')).toBe(0);
  },
);

test('METRICS_PORT in use is reported in one line', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const METRICS_PORT = String((other.address() as AddressInfo).port);
  const { code, stderr } = await runProcess('src/main.ts', {
    DATABASE_URL: database.url,
    METRICS_PORT,
    BETTER_AUTH_SECRET: SECRET,
  });
  other.close();
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `METRICS_PORT: ${METRICS_PORT} cannot be used (EADDRINUSE); choose another port\n`,
  });
});

test('security events are logged as audit entries, without personal data', async () => {
  const token = await tokenOf('audited');
  const client = createClient(service.url, token);
  service.log.length = 0;
  await client.get('/api/tasks', { token: await forgedTokenOf('audited') });
  await client.get('/api/bob/tasks');
  await client.list();
  await client.delete('/api/me');
  await client.delete('/api/me/tokens');
  const audited = () =>
    service.log
      .map((line) => JSON.parse(line) as { msg: string; event?: string; user_id?: string })
      .filter(({ msg }) => msg === 'audit')
      .map(({ event, user_id }) => ({ event, user_id }));
  await expect.poll(audited).toEqual([
    { event: 'token-rejected', user_id: undefined },
    { event: 'access-forbidden', user_id: 'audited' },
    { event: 'user-deleted', user_id: 'audited' },
    { event: 'tokens-revoked', user_id: 'audited' },
  ]);
  expect(service.log.join()).not.toContain(token);
  expect(service.log.join()).not.toContain('example.com');
});
