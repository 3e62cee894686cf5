import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../support/client.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { runProcess, startProcess, type ServiceProcess } from '../support/process.ts';

const run = promisify(execFile);

/** An empty directory outside the checkout, with the package and its production dependencies in `node_modules`. */
let directory: string;
let running: ServiceProcess | undefined;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tasks-api-package-'));
  // If the tests run as root, PostgreSQL runs as another user.
  await chmod(directory, 0o755);
  await run('npm', ['run', '--silent', 'build:package']);
  const { stdout } = await run('npm', [
    ...['pack', '--json', '--ignore-scripts', '--workspaces=false'],
    ...['--pack-destination', directory],
  ]);
  const [archive] = JSON.parse(stdout) as { filename: string }[];
  const modules = join(directory, 'node_modules');
  await mkdir(join(modules, 'tasks-api'), { recursive: true });
  await run('tar', [
    ...['-xzf', join(directory, archive?.filename ?? ''), '--strip-components=1'],
    ...['-C', join(modules, 'tasks-api')],
  ]);
  const manifest = JSON.parse(await readFile('package.json', 'utf8')) as {
    dependencies: object;
    optionalDependencies: object;
  };
  // As npm installs them, without a download. Only direct dependencies, so that the package finds nothing else.
  const names = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
  for (const name of names) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(resolve('node_modules', name), join(modules, name));
  }
  await mkdir(join(modules, '.bin'));
  await symlink('../tasks-api/bin/tasks-api', join(modules, '.bin', 'tasks-api'));
});
afterEach(async () => {
  await running?.end('SIGTERM');
  running = undefined;
});
afterAll(() => rm(directory, { recursive: true, maxRetries: 5 }));

const program = () => ({ command: join(directory, 'node_modules/.bin/tasks-api'), cwd: directory });
const tasksApi = (environment: Record<string, string>, ...args: string[]) =>
  runProcess(program(), environment, ...args);

async function serve(environment: Record<string, string>): Promise<ServiceProcess> {
  running = await startProcess(environment, program(), 'serve');
  return running;
}

test('--help, or no argument, lists the commands, and each of them has a help', async () => {
  const names = ['serve', 'migrate', 'token', 'check-config', 'bench'];
  const [withoutArguments, list, ...helps] = await Promise.all(
    [[], ['--help'], ...names.map((name) => [name, '--help'])].map((args) => tasksApi({}, ...args)),
  );
  expect(list).toMatchObject({ code: 0, stderr: '' });
  expect(list?.stdout.match(/(?<=^ {2})\S+/gm)).toEqual(names);
  expect(withoutArguments).toEqual(list);
  for (const [index, name] of names.entries()) {
    expect(helps[index]).toMatchObject({ code: 0, stderr: '' });
    expect(helps[index]?.stdout).toMatch(new RegExp(`^Usage: tasks-api ${name}`));
  }
});

test.concurrent.each([
  ['an unknown command', ['start'], {}, /unknown command "start"; choose one of serve, /],
  ['an unknown option', ['serve', '--port=1'], {}, /^tasks-api serve: Unknown option '--port'; /],
  ['a surplus argument', ['token', 'ann', 'bob'], {}, /unexpected argument "bob"/],
  ['an invalid number', ['bench', '--seconds=0'], {}, /^--seconds: "0" is not an integer/],
  ['no service', ['bench', '--url=http://127.0.0.1:1'], {}, /^--url: no service responds at /],
  ['an invalid setting', ['check-config'], { PORT: 'http' }, /^PORT: /],
  ['no database', ['migrate'], { DATABASE_URL: 'postgres://a:b@127.0.0.1:1/c' }, /^DATABASE_URL: /],
  [
    'no secret',
    ['check-config'],
    { NODE_ENV: 'production', DATABASE_URL: 'postgres://a/b', CORS_ORIGINS: 'none' },
    /^BETTER_AUTH_SECRET: /,
  ],
])('%s is a one-line error', async (_, args, environment, message) => {
  const { code, stdout, stderr } = await tasksApi(environment, ...args);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(message);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});

test('check-config accepts valid settings', async () => {
  const { code, stdout } = await tasksApi({ PORT: '8123' }, 'check-config');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^The settings are valid\. .* port 8123; database: embedded, in .*\n$/);
});

test('without the Node.js of the dependencies, the command runs on that of the PATH', async () => {
  const home = join(directory, 'without-node');
  await mkdir(join(home, 'bin'), { recursive: true });
  await symlink(process.execPath, join(home, 'bin/node'));
  await run('cp', ['-R', join(directory, 'node_modules/tasks-api'), home]);
  const { stdout } = await run(join(home, 'tasks-api/bin/tasks-api'), ['--help'], {
    env: { PATH: `${join(home, 'bin')}:${process.env['PATH'] ?? ''}` },
  });
  expect(stdout).toMatch(/^Usage: tasks-api /);
});

test('serves with an embedded PostgreSQL, and stops on SIGTERM', async () => {
  const service = await serve({});
  const anonymous = createClient(service.url);
  expect((await anonymous.get('/readyz')).status).toBe(200);
  for (const path of ['/openapi.json', '/docs'])
    expect((await fetch(service.url + path)).status).toBe(200);
  const client = createClient(service.url, service.token);
  expect(await client.create({ title: 'Buy milk' })).toMatchObject({ title: 'Buy milk' });
  expect(service.output()).toContain('run: tasks-api token alice');

  const token = await tasksApi({}, 'token', 'alice');
  const me = await createClient(service.url, token.stdout.trim()).get('/api/me');
  expect(me.body).toMatchObject({ id: 'alice' });
  const bench = await tasksApi({}, 'bench', `--url=${service.url}`, '--seconds=1');
  expect(bench).toMatchObject({ code: 0, stderr: '' });
  expect(bench.stdout).toMatch(/^complete +\d+ +[\d.]+ +[\d.]+$/m);
  expect(bench.stdout).toMatch(/\d+ responses in .*; no errors\.\n$/);

  const { port } = new URL(service.url);
  const busy = await tasksApi({ PORT: port }, 'serve');
  expect(busy.code).toBe(1);
  expect(busy.stderr).toMatch(new RegExp(`^PORT: ${port} is in use; .+\n$`));
  running = undefined;
  expect(await service.end('SIGTERM')).toBe(0);
});

describe('with DATABASE_URL', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  test('migrates, and serves in two workers', async () => {
    const environment = { DATABASE_URL: database.url, BETTER_AUTH_SECRET: ''.padEnd(40, 'secret') };
    const migrated = await tasksApi(environment, 'migrate');
    expect(migrated).toMatchObject({ code: 0, stderr: '' });
    const service = await serve({ ...environment, WORKERS: 'auto' });
    const client = createClient(service.url, service.token);
    expect(await client.create({ title: 'Buy milk' })).toMatchObject({ title: 'Buy milk' });
    running = undefined;
    expect(await service.end('SIGTERM')).toBe(0);
  });
});
