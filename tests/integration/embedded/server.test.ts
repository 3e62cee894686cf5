import { once } from 'node:events';
import { chmod, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDataDirectory } from '../../../src/embedded-postgres/data-directory.ts';
import { run } from '../../../src/embedded-postgres/run.ts';
import {
  kill,
  newDirectory,
  pidFile,
  query,
  serverPid,
  start,
  startService,
} from '../../support/embedded.ts';

/** A new data directory, to copy, because creating one takes seconds. */
let created: string;

beforeAll(async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tasks-api-embedded-'));
  await chmod(dataDir, 0o755);
  created = dirname((await openDataDirectory(dataDir, () => undefined)).path);
});
afterAll(() => rm(created, { recursive: true }));

/** A data directory with an empty database. */
async function newDataDir(): Promise<string> {
  const dataDir = await newDirectory();
  await run('/bin/cp', ['-a', join(created, 'postgres'), dataDir]);
  return dataDir;
}

describe('the server of the embedded PostgreSQL', () => {
  test('logs in the owner of the database without superuser rights, and has Unicode, ICU and durable commits', async () => {
    const dataDir = await newDataDir();
    const server = await start(dataDir);
    const [role] = await query(
      server.url,
      'select rolname, rolsuper, rolcreatedb from pg_roles where rolname = current_user',
    );
    expect(role).toEqual({ rolname: 'tasks', rolsuper: false, rolcreatedb: true });
    await query(
      server.url,
      "create collation caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
    );
    const [facts] = await query(
      server.url,
      `select 'É' = 'é' collate caseless as caseless, upper('é') as upper, current_setting('server_encoding') as encoding,
         current_setting('fsync') as fsync, current_setting('listen_addresses') as listens,
         (select pg_get_userbyid(datdba) from pg_database where datname = current_database()) as owner`,
    );
    expect(facts).toEqual({
      caseless: true,
      upper: 'É',
      encoding: 'UTF8',
      fsync: 'on',
      listens: '127.0.0.1',
      owner: 'tasks',
    });
    // The line with the directory of the Unix socket.
    expect((await pidFile(dataDir)).split('\n')[4]).toBe('');
    const stranger = new URL(server.url);
    stranger.password = 'guess';
    await expect(query(stranger.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
    await server.stop();
  });

  test("keeps the users' data out of its log", async () => {
    const dataDir = await newDataDir();
    const server = await start(dataDir);
    await query(server.url, "create table notes as select 'private' as note");
    await query(server.url, 'create unique index on notes (note)');
    const statement = "insert into notes values ('private')";
    await expect(query(server.url, statement)).rejects.toMatchObject({ code: '23505' });
    await server.stop();
    const log = await readFile(join(dataDir, 'postgres', 'postgres.log'), 'utf8');
    expect(log).toContain('ERROR:  duplicate key value');
    expect(log).not.toContain('private');
  });

  test('is used by the next start after its service was killed', async () => {
    const dataDir = await newDataDir();
    const service = await startService(dataDir, 'ready');
    const pid = await serverPid(dataDir);
    await kill(service);
    const server = await start(dataDir);
    expect(pid).toBeDefined();
    expect(await serverPid(dataDir)).toBe(pid);
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.stop();
    await expect.poll(() => serverPid(dataDir)).toBeUndefined();
  });

  test('starts again after it was killed, with all that was committed', async () => {
    const dataDir = await newDataDir();
    const crashed = await start(dataDir);
    await query(crashed.url, "create table notes as select 'committed' as note");
    const pid = await serverPid(dataDir);
    process.kill(pid ?? NaN, 'SIGKILL');
    await expect.poll(() => query(crashed.url, 'select 1').catch(String)).toContain('ECONNREFUSED');
    await crashed.stop();

    const server = await start(dataDir);
    expect(await query(server.url, 'select note from notes')).toEqual([{ note: 'committed' }]);
    await server.stop();
  });

  test('starts on another port if another program has taken that of a server that was killed', async () => {
    const dataDir = await newDataDir();
    const crashed = await start(dataDir);
    process.kill((await serverPid(dataDir)) ?? NaN, 'SIGKILL');
    const port = Number(new URL(crashed.url).port);
    const program = createServer();
    await expect
      .poll(() =>
        once(program.listen(port, '127.0.0.1'), 'listening').then(() => 'listens', String),
      )
      .toBe('listens');
    await crashed.stop();

    const server = await start(dataDir);
    expect(new URL(server.url).port).not.toBe(String(port));
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.stop();
    program.close();
  });

  test('is started again on the same port when it ends while services use it', async () => {
    const dataDir = await newDataDir();
    const [one, two] = [await start(dataDir), await start(dataDir)];
    await query(one.url, "create table notes as select 'committed' as note");
    for (const signal of ['SIGKILL', 'SIGINT'] as const) {
      const pid = await serverPid(dataDir);
      process.kill(pid ?? NaN, signal);
      await expect.poll(() => serverPid(dataDir), { timeout: 20_000 }).not.toBe(pid);
      await expect
        .poll(() => query(two.url, 'select note from notes').catch(String), { timeout: 20_000 })
        .toEqual([{ note: 'committed' }]);
    }
    // The server accepts connections before its start has ended.
    await expect
      .poll(() => [...one.messages, ...two.messages])
      .toContain('PostgreSQL is running again');
    await Promise.all([one.stop(), two.stop()]);
    await expect.poll(() => serverPid(dataDir)).toBeUndefined();
  });

  test.for([
    ['of another program', `${process.pid}\n$DATA\n1\n1\n\n127.0.0.1\n`],
    ['that is empty', ''],
  ] as const)('starts despite a PID file %s', async ([, content]) => {
    const dataDir = await newDataDir();
    const data = join(dataDir, 'postgres');
    const file = join(data, 'postmaster.pid');
    await writeFile(file, content.replace('$DATA', await realpath(data)));
    const server = await start(dataDir);
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.stop();
  });

  test('starts a separate server on a copy of the data', async () => {
    const [original, copy] = [await newDataDir(), await newDirectory()];
    const server = await start(original);
    await run('/bin/cp', ['-a', join(original, 'postgres'), copy]);
    const other = await start(copy);
    expect(other.url).not.toBe(server.url);
    expect(await query(other.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await Promise.all([other.stop(), server.stop()]);
  });
});
