import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  connect,
  createClient as createDatabaseClient,
  disconnect,
} from '../../../src/db/connection/client.ts';
import { connectionOptions } from '../../../src/db/connection/connection-options.ts';
import { descriptorLimit } from '../../../src/server/descriptor-limit.ts';
import { createClient } from '../../support/client.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { type ServiceProcess, startTestProcess } from '../../support/process.ts';
import { administer } from '../../support/server.ts';

const SECRET = 'the-secret-of-the-process-tests-00000';
const clientOf = ({ url, token }: ServiceProcess) => createClient(url, token);

let database: TestDatabase;
let environment: Record<string, string>;

beforeAll(async () => {
  database = await createTestDatabase();
  environment = { DATABASE_URL: database.url, BETTER_AUTH_SECRET: SECRET };
});
afterAll(() => database.drop());

test.each(['SIGTERM', 'SIGINT'] as const)('%s: requests in flight finish', async (signal) => {
  // Without prepared statements, connections are not shared, and a statement waits for a lock for three seconds.
  const patient = { ...environment, DATABASE_PREPARED_STATEMENTS: 'off' };
  const service = await startTestProcess(patient);
  const client = clientOf(service);
  const { id, user_id } = await client.create();
  const lock = createDatabaseClient(await connectionOptions(database.url));
  await connect(lock);
  await lock.query('begin');
  await lock.query(`select from tasks where user_id = '${user_id}' and id = '${id}' for update`);
  const slow = client.patch(`/api/tasks/${id}/complete`);
  const waiting = () =>
    administer(
      database.url,
      `select from pg_stat_activity
       where datname = current_database() and state = 'active' and query ~ 'update tasks' and pid <> pg_backend_pid()`,
    );
  await expect.poll(waiting).not.toEqual([]);

  const ended = service.end(signal);
  await expect.poll(() => service.log().some(({ msg }) => msg === 'stopping')).toBe(true);
  const late = client.get('/livez').then(
    ({ status }) => status,
    () => 'refused',
  );
  expect([503, 'refused']).toContain(await late);
  // A repeated signal does not interrupt the shutdown.
  process.kill(service.pid, signal);
  await lock.query('commit');
  await disconnect(lock);
  const response = await slow;
  expect(response).toMatchObject({ status: 200, body: { completed: true } });
  expect(response.headers.get('connection')).toBe('close');
  expect(await ended).toBe(0);
});

test('make run starts it, and Ctrl-C stops it', async () => {
  // What is installed and built is not checked again.
  const current = ['node_modules/.setup', 'dist/docs/index.html'].flatMap((file) => ['-o', file]);
  const service = await startTestProcess(
    { DATABASE_URL: database.url },
    { command: 'make', cwd: process.cwd() },
    ...current,
    'run',
  );
  expect((await clientOf(service).create()).title).toBe('Buy milk');
  // make itself also ends by the signal.
  expect(await service.end('SIGINT', 'group')).toBe('SIGINT');
  expect(service.output()).toContain('"msg":"stopped"');
});

test('a signal during the start stops the service', async () => {
  const service = await startTestProcess(environment);
  expect(await service.end('SIGTERM')).toBe(0);
});

test('in production, prints no greeting, and fails the health checks before it stops', async () => {
  const production = {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    // The longest one: the requests below must arrive in this time.
    SHUTDOWN_DELAY: '3',
    JWT_AUDIENCE: 'any',
    CORS_ORIGINS: 'none',
  };
  const service = await startTestProcess({ ...environment, ...production });
  const client = createClient(service.url.replace('localhost', '127.0.0.1'));
  expect((await client.get('/readyz')).status).toBe(200);
  const ended = service.end('SIGTERM');
  const statuses = () =>
    Promise.all(
      ['/readyz', '/livez', '/api/me'].map(async (path) => (await client.get(path)).status),
    );
  await expect.poll(statuses).toEqual([503, 503, 401]);
  expect(await ended).toBe(0);
  expect(service.output()).not.toContain('TOKEN');
  expect(service.log().at(-1)?.msg).toBe('stopped');
});

/** How many connections the operating system lets wait, if it says so: Linux does. */
const LARGEST_BACKLOG = Number(maxBacklog());

// One address may have half of the connections that the process can open.
test.runIf(LARGEST_BACKLOG >= 2000 && descriptorLimit() >= 2200)(
  'a thousand connections that arrive while the process is busy are all served',
  async () => {
    const service = await startTestProcess(environment);
    const { port, host } = new URL(service.url);
    process.kill(service.pid, 'SIGSTOP');
    const sockets = Array.from({ length: 1000 }, () => connectSocket(Number(port), '127.0.0.1'));
    // The operating system would not complete those that have no place in its queue.
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    process.kill(service.pid, 'SIGCONT');
    const statuses = await Promise.all(
      sockets.map(async (socket) => {
        socket.write(`GET /livez HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
        const [head] = (await once(socket, 'data')) as [Buffer];
        return head.toString('latin1', 9, 12);
      }),
    );
    expect(new Set(statuses)).toEqual(new Set(['200']));
  },
);

function maxBacklog(): string {
  try {
    return readFileSync('/proc/sys/net/core/somaxconn', 'utf8');
  } catch {
    return '';
  }
}
