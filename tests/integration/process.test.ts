import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { connect as connectSocket, createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { connect, createClient as createDatabaseClient, disconnect } from '../../src/db/client.ts';
import { connectionOptions } from '../../src/db/connection.ts';
import { createClient } from '../support/client.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { runProcess, startProcess, type ServiceProcess } from '../support/process.ts';
import { administer } from '../support/server.ts';

const hasCurl = spawnSync('curl', ['--version']).status === 0;

const SECRET = 'the-secret-of-the-process-tests-00000';

const running = new Set<ServiceProcess>();

async function start(environment: Record<string, string>): Promise<ServiceProcess> {
  const service = await startProcess(environment);
  running.add(service);
  return service;
}
async function end(service: ServiceProcess, ...how: Parameters<ServiceProcess['end']>) {
  running.delete(service);
  return service.end(...how);
}
afterEach(async () => {
  for (const service of running) await end(service, 'SIGKILL');
});

const clientOf = ({ url, token }: ServiceProcess) => createClient(url, token);

describe('with the embedded PostgreSQL', () => {
  let directory: string;
  let dataDir: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tasks-api-process-'));
    // Inaccessible to other users, like root's home: if the tests run as root, PostgreSQL runs as another user.
    await mkdir(join(directory, 'closed'), { mode: 0o700 });
    dataDir = join(directory, 'closed', 'data');
  });
  afterAll(async () => {
    const data = await realpath(join(dataDir, 'postgres'));
    await rm(data, { recursive: true, maxRetries: 5 });
    await rm(directory, { recursive: true, maxRetries: 5 });
  });

  /** The port of the PostgreSQL that uses the data directory; undefined if it is stopped. */
  const postgres = async () => {
    const text = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(
      () => '',
    );
    return text === '' ? undefined : Number(text.split('\n')[3]);
  };
  async function expectStopped(port = NaN): Promise<void> {
    expect(await postgres()).toBeUndefined();
    const socket = connectSocket(port, '127.0.0.1');
    await expect(once(socket, 'connect')).rejects.toThrow('ECONNREFUSED');
  }

  test('does not depend on the time zone, the locale or the umask of the environment', async () => {
    const service = await start({
      DATA_DIR: dataDir,
      TZ: 'Asia/Kathmandu',
      LANG: 'tr_TR.UTF-8',
      LC_ALL: 'tr_TR.UTF-8',
      NODE_OPTIONS: '--import=data:text/javascript,process.umask(0o077)',
    });
    const client = clientOf(service);
    const before = Date.now();
    // In Turkish, I is the upper case of ı.
    for (const title of ['I', 'ı', 'i', 'J']) await client.create({ title });
    const { body } = await client.list('?sort=title');
    expect(body.items.map(({ title }) => title)).toEqual(['I', 'i', 'ı', 'J']);
    for (const { id, created_at } of body.items) {
      expect(created_at).toMatch(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{6}Z$/);
      expect(Date.parse(created_at)).toBeGreaterThanOrEqual(before - 1);
      expect(Date.parse(created_at)).toBeLessThanOrEqual(Date.now() + 1);
      const headers = { 'IF-NONE-MATCH': '"1"' };
      expect((await client.get(`/api/tasks/${id}`, { headers })).status).toBe(304);
    }
    expect((await client.delete('/api/me')).status).toBe(204);
    expect(await end(service, 'SIGTERM')).toBe(0);
  });

  // Skipped without curl.
  test.runIf(hasCurl)('prints commands that create, list, complete and delete a task', async () => {
    const service = await start({ DATA_DIR: dataDir });
    expect(service.output()).toContain(`${service.url}/api/tasks`);
    expect(service.output()).toContain(`${service.url}/readyz`);
    const { stdout } = await promisify(execFile)('bash', ['--norc', '-e', '-c', service.pasteable]);
    const [created = '', listed = '', completed = '', deleted] = stdout.trim().split('\n');
    const task = JSON.parse(created) as object;
    expect(task).toMatchObject({ user_id: 'demo', title: 'Buy milk', completed: false });
    expect(JSON.parse(listed)).toEqual({ items: [task], next_cursor: null });
    expect(JSON.parse(completed)).toMatchObject({ title: 'Buy milk', completed: true });
    expect(deleted).toBe('204');
    await clientOf(service).create({ title: 'kept' });
    const server = await postgres();
    expect(await end(service, 'SIGTERM')).toBe(0);
    await expectStopped(server);
    expect(service.log().at(-1)?.msg).toBe('stopped');
  });

  test('keeps the tasks after SIGTERM, SIGKILL and Ctrl-C', async () => {
    const titles = async (service: ServiceProcess) =>
      (await clientOf(service).list()).body.items.map(({ title }) => title);

    const killed = await start({ DATA_DIR: dataDir });
    expect(await titles(killed)).toEqual(['kept']);
    await clientOf(killed).create({ title: 'also kept' });
    expect(await end(killed, 'SIGKILL')).toBe('SIGKILL');

    const interrupted = await start({ DATA_DIR: dataDir });
    expect(await titles(interrupted)).toEqual(['also kept', 'kept']);
    // A token of an earlier run is still valid: the secret is stored.
    const { status } = await createClient(interrupted.url, killed.token).get('/api/me');
    expect(status).toBe(200);
    const server = await postgres();
    // A terminal sends SIGINT to all processes of the program.
    expect(await end(interrupted, 'SIGINT', 'group')).toBe(0);
    await expectStopped(server);

    const again = await start({ DATA_DIR: dataDir });
    expect(await titles(again)).toEqual(['also kept', 'kept']);
    const token = await runProcess('src/cli.ts', { DATA_DIR: dataDir }, 'token', 'alice');
    const me = await createClient(again.url, token.stdout.trim()).get('/api/me');
    expect(me.body).toEqual({ id: 'alice', email: 'alice@example.com', name: 'alice' });
    expect(await end(again, 'SIGTERM')).toBe(0);
  });
});

describe('with a separate database', () => {
  let database: TestDatabase;
  let environment: Record<string, string>;

  beforeAll(async () => {
    database = await createTestDatabase();
    environment = { DATABASE_URL: database.url, BETTER_AUTH_SECRET: SECRET };
  });
  afterAll(() => database.drop());

  test.each(['SIGTERM', 'SIGINT'] as const)('%s: requests in flight finish', async (signal) => {
    const service = await start(environment);
    const client = clientOf(service);
    const { id } = await client.create();
    const lock = createDatabaseClient(await connectionOptions(database.url));
    await connect(lock);
    await lock.query('begin');
    await lock.query(`select from tasks where id = '${id}' for update`);
    const slow = client.patch(`/api/tasks/${id}/complete`);
    const waiting = () =>
      administer(
        database.url,
        `select from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock'`,
      );
    await expect.poll(waiting).not.toEqual([]);

    const ended = end(service, signal);
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
    const service = await startProcess(
      { DATABASE_URL: database.url },
      { command: 'make', cwd: process.cwd() },
      ...current,
      'run',
    );
    running.add(service);
    expect((await clientOf(service).create()).title).toBe('Buy milk');
    // make itself also ends by the signal.
    expect(await end(service, 'SIGINT', 'group')).toBe('SIGINT');
    expect(service.output()).toContain('"msg":"stopped"');
  });

  test('a signal during the start stops the service', async () => {
    const service = await start(environment);
    expect(await end(service, 'SIGTERM')).toBe(0);
  });

  test('logs one JSON line per request, without personal data', async () => {
    const service = await start(environment);
    const client = clientOf(service);
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
    expect(await end(service, 'SIGTERM')).toBe(0);

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

  test('in production, prints no greeting, and fails the health checks before it stops', async () => {
    const production = {
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      SHUTDOWN_DELAY: '2',
      JWT_AUDIENCE: 'any',
      CORS_ORIGINS: 'none',
    };
    const service = await start({ ...environment, ...production });
    const client = createClient(service.url.replace('localhost', '127.0.0.1'));
    expect((await client.get('/readyz')).status).toBe(200);
    const ended = end(service, 'SIGTERM');
    await expect.poll(async () => (await client.get('/readyz')).status).toBe(503);
    expect((await client.get('/livez')).status).toBe(503);
    expect((await client.get('/api/me')).status).toBe(401);
    expect(await ended).toBe(0);
    expect(service.output()).not.toContain('TOKEN');
    expect(service.log().at(-1)?.msg).toBe('stopped');
  });

  test('a port in use is a one-line error', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = String((server.address() as AddressInfo).port);
    const { code, stderr } = await runProcess('src/main.ts', { ...environment, PORT: port });
    server.close();
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^PORT: ${port} is in use; .+\n$`));
  });

  test.each([
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

  test('each missing setting of production is one line', async () => {
    const { code, stderr } = await runProcess('src/main.ts', { NODE_ENV: 'production' });
    expect(code).toBe(1);
    expect(stderr.split('\n').map((line) => line.split(':')[0])).toEqual([
      'BETTER_AUTH_SECRET',
      'DATABASE_URL',
      'CORS_ORIGINS',
      '',
    ]);
  });
});

describe('a development token', () => {
  test.each([
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
