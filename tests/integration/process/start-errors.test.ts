import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { runProcess } from '../../support/process.ts';
import { unusedPort } from '../../support/unused-port.ts';

const SECRET = 'the-secret-of-the-process-tests-00000';

let database: TestDatabase;
let environment: Record<string, string>;

beforeAll(async () => {
  database = await createTestDatabase();
  environment = { DATABASE_URL: database.url, BETTER_AUTH_SECRET: SECRET };
});
afterAll(() => database.drop());

test.concurrent('a port in use is a one-line error', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = String((server.address() as AddressInfo).port);
  const { code, stderr } = await runProcess('src/main.ts', { ...environment, PORT: port });
  server.close();
  expect(code).toBe(1);
  expect(stderr).toMatch(new RegExp(`^PORT: ${port} is in use; .+\n$`));
});

test.concurrent('a failed start ends the process, also with a store of the rate limits', async () => {
  const { code, stderr } = await runProcess('src/main.ts', {
    ...environment,
    // Not a replica.
    DATABASE_READ_URL: database.url,
    RATE_LIMIT_STORE: `redis://127.0.0.1:${await unusedPort()}`,
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^DATABASE_READ_URL: .+\n$/);
});

test.concurrent.each([
  ['HOST', { HOST: '203.0.113.1' }],
  ['HOST', { HOST: 'nowhere.invalid' }],
  ['BETTER_AUTH_SECRET', { BETTER_AUTH_SECRET: 'short' }],
  ['CORS_ORIGINS', { NODE_ENV: 'production', JWT_AUDIENCE: 'any' }],
  ['PORT', { PORT: 'http' }],
  ['DATABASE_URL', { DATABASE_URL: 'localhost' }],
  ['DATA_DIR', { DATA_DIR: '/dev/null', DATABASE_URL: '' }],
  ['DATABASE_URL', { DATABASE_URL: 'postgres://user:hidden@127.0.0.1:1/tasks' }],
  ['DATABASE_URL', { DATABASE_URL: 'postgres://user:hidden@127.0.0.1/tasks?sslmode=some' }],
  ['DATA_DIR', { DATA_DIR: '/dev/null/data', BETTER_AUTH_SECRET: '' }],
])('an invalid %s is a one-line error: %j', async (name, wrong) => {
  const { code, stdout, stderr } = await runProcess('src/main.ts', { ...environment, ...wrong });
  expect(code).toBe(1);
  expect(stderr).toMatch(new RegExp(`^${name}: .+\n$`));
  expect(stdout + stderr).not.toContain('hidden');
});

test.concurrent('each missing setting of production is one line', async () => {
  const { code, stderr } = await runProcess('src/main.ts', { NODE_ENV: 'production' });
  expect(code).toBe(1);
  expect(stderr.split('\n').map((line) => line.split(':')[0])).toEqual([
    'BETTER_AUTH_SECRET',
    'DATABASE_URL',
    'CORS_ORIGINS',
    '',
  ]);
});

describe('a development token', () => {
  test.concurrent.each([
    ['NODE_ENV', { NODE_ENV: 'production', DATABASE_URL: 'postgres://h/d' }, 'alice'],
    ['BETTER_AUTH_SECRET', { BETTER_AUTH_SECRET: '', BETTER_AUTH_URL: 'http://localhost:1' }, 'a'],
    ['user', {}, ''.padEnd(256, 'x')],
  ])('is rejected because of %s', async (name, environment, user) => {
    const settings = { BETTER_AUTH_SECRET: SECRET, ...environment };
    const { code, stdout, stderr } = await runProcess('src/cli.ts', settings, 'token', user);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^${name}: .+\n$`));
  });
});
