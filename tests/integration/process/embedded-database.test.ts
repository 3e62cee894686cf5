import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from '../../support/client.ts';
import { serverPid } from '../../support/embedded.ts';
import { runProcess, type ServiceProcess, startTestProcess } from '../../support/process.ts';

const hasCurl = spawnSync('curl', ['--version']).status === 0;
const clientOf = ({ url, token }: ServiceProcess) => createClient(url, token);

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
  const text = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');
  return text === '' ? undefined : Number(text.split('\n')[3]);
};
async function expectStopped(port = NaN): Promise<void> {
  // PostgreSQL continues to stop if that takes longer than the service may take.
  await expect.poll(postgres).toBeUndefined();
  const socket = connectSocket(port, '127.0.0.1');
  await expect(once(socket, 'connect')).rejects.toThrow('ECONNREFUSED');
}

test('does not depend on the time zone, the locale or the umask of the environment', async () => {
  const service = await startTestProcess({
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
  expect(await service.end('SIGTERM')).toBe(0);
});

// Skipped without curl.
test.runIf(hasCurl)('prints commands that create, list, complete and delete a task', async () => {
  const service = await startTestProcess({ DATA_DIR: dataDir });
  expect(service.output()).toContain(`${service.url}/api/tasks`);
  expect(service.output()).toContain(`${service.url}/readyz`);
  const { stdout } = await promisify(execFile)('bash', ['--norc', '-e', '-c', service.pasteable]);
  const [created = '', listed = '', completed = '', deleted] = stdout.trim().split('\n');
  const task = JSON.parse(created) as object;
  expect(task).toMatchObject({ user_id: 'demo', title: 'Buy milk', completed: false });
  expect(JSON.parse(listed)).toEqual({ items: [task], next_cursor: null });
  expect(JSON.parse(completed)).toMatchObject({ title: 'Buy milk', completed: true });
  expect(deleted).toBe('204');
  expect(await service.end('SIGTERM')).toBe(0);
});

test('keeps the tasks after SIGTERM, SIGKILL and Ctrl-C', async () => {
  const titles = async (service: ServiceProcess) =>
    (await clientOf(service).list()).body.items.map(({ title }) => title);

  const terminated = await startTestProcess({ DATA_DIR: dataDir });
  await clientOf(terminated).create({ title: 'kept' });
  const terminatedServer = await postgres();
  expect(await terminated.end('SIGTERM')).toBe(0);
  await expectStopped(terminatedServer);
  expect(terminated.log().at(-1)?.msg).toBe('stopped');

  const killed = await startTestProcess({ DATA_DIR: dataDir });
  expect(await titles(killed)).toEqual(['kept']);
  await clientOf(killed).create({ title: 'also kept' });
  expect(await killed.end('SIGKILL')).toBe('SIGKILL');

  const interrupted = await startTestProcess({ DATA_DIR: dataDir });
  expect(await titles(interrupted)).toEqual(['also kept', 'kept']);
  // A token of an earlier run is still valid: the secret is stored.
  const { status } = await createClient(interrupted.url, killed.token).get('/api/me');
  expect(status).toBe(200);
  const server = await postgres();
  // A terminal sends SIGINT to all processes of the program.
  expect(await interrupted.end('SIGINT', 'group')).toBe(0);
  await expectStopped(server);

  const again = await startTestProcess({ DATA_DIR: dataDir });
  expect(await titles(again)).toEqual(['also kept', 'kept']);
  const token = await runProcess('src/cli.ts', { DATA_DIR: dataDir }, 'token', 'alice');
  const me = await createClient(again.url, token.stdout.trim()).get('/api/me');
  expect(me.body).toEqual({ id: 'alice', email: 'alice@example.com', name: 'alice' });
  expect(await again.end('SIGTERM')).toBe(0);
});

test('ends with the reason when PostgreSQL ends five times within a minute', async () => {
  const service = await startTestProcess({ DATA_DIR: dataDir });
  const restarts = () =>
    service.log().filter(({ msg }) => msg === 'PostgreSQL is running again').length;
  for (let ends = 0; ends < 5; ends++) {
    await expect.poll(restarts, { timeout: 20_000 }).toBe(ends);
    process.kill((await serverPid(dataDir)) ?? NaN, 'SIGINT');
  }
  expect(await service.exited).toBe(1);
  expect(service.output()).toMatch(
    /\nPostgreSQL has exited, for the fifth time within a minute\n$/,
  );
});
