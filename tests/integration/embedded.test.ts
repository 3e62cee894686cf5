import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client, type QueryResultRow } from 'pg';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { startEmbedded } from '../../src/embedded-postgres/start.ts';
import { serverAccount } from '../../src/embedded-postgres/account.ts';
import { findPrograms, packagedPrograms } from '../../src/embedded-postgres/programs.ts';
import { run } from '../../src/embedded-postgres/run.ts';

const isRoot = process.getuid?.() === 0;
const FILES = ['postgres', 'postgres.start.lock', 'postgres.use.lock'];

const directories: string[] = [];
const services: ChildProcess[] = [];

afterEach(async () => {
  for (const service of services.splice(0)) service.kill('SIGKILL');
  for (const directory of directories.splice(0)) {
    for (const dataDir of [directory, join(directory, 'data')]) {
      const pid = await serverPid(dataDir);
      if (pid !== undefined && pid !== process.pid) process.kill(pid, 'SIGQUIT');
      const data = await realpath(join(dataDir, 'postgres')).catch(() => undefined);
      if (data) await rm(data, { recursive: true, maxRetries: 5 });
    }
    await rm(directory, { recursive: true, maxRetries: 5 });
  }
});

/** Creates a directory, which other users can enter if it is `open`. */
async function newDirectory({ open = true } = {}): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'tasks-api-embedded-'));
  directories.push(directory);
  if (open) await chmod(directory, 0o755);
  return directory;
}

async function start(dataDir: string) {
  const messages: string[] = [];
  const server = await startEmbedded({ dataDir, log: (message) => messages.push(message) });
  return { ...server, messages };
}

async function query<Row extends QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

const pidFile = (dataDir: string) =>
  readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');

async function serverPid(dataDir: string): Promise<number | undefined> {
  return Number((await pidFile(dataDir)).split('\n')[0]) || undefined;
}

/** Starts another process that uses the server. Returns when it begins to create the database, or when it uses the server. */
async function startService(dataDir: string, until: 'creating' | 'ready'): Promise<ChildProcess> {
  const script = `
    const { startEmbedded } = await import(${JSON.stringify(import.meta.resolve('../../src/embedded-postgres/start.ts'))});
    await startEmbedded({ dataDir: ${JSON.stringify(dataDir)}, log: console.log });
    console.log('ready');
    setInterval(() => {}, 60_000);`;
  const service = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  services.push(service);
  for await (const chunk of service.stdout) if (String(chunk).includes(until)) return service;
  throw new Error('the other process ended');
}

const kill = (service: ChildProcess) => {
  service.kill('SIGKILL');
  return once(service, 'exit');
};

describe('the embedded PostgreSQL', () => {
  test('keeps its data between runs, and stops after each', async () => {
    const dataDir = join(await newDirectory(), 'data');
    const first = await start(dataDir);
    await query(first.url, "create table notes as select 'kept' as note");
    const stopped = first.stop();
    expect(first.stop()).toBe(stopped);
    await stopped;
    await expect(query(first.url, 'select 1')).rejects.toThrow('ECONNREFUSED');
    expect(await serverPid(dataDir)).toBeUndefined();

    const second = await start(dataDir);
    expect(await query(second.url, 'select note from notes')).toEqual([{ note: 'kept' }]);
    expect((await readdir(dataDir)).sort()).toEqual(FILES);
    await second.stop();
  });

  test('logs in the owner of the database without superuser rights, and has Unicode, ICU and durable commits', async () => {
    const dataDir = await newDirectory();
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
    const dataDir = await newDirectory();
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
    const dataDir = await newDirectory();
    const service = await startService(dataDir, 'ready');
    const pid = await serverPid(dataDir);
    await kill(service);
    const server = await start(dataDir);
    expect(pid).toBeDefined();
    expect(await serverPid(dataDir)).toBe(pid);
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.stop();
    expect(await serverPid(dataDir)).toBeUndefined();
  });

  test('is created again if its service was killed while creating it', async () => {
    const dataDir = await newDirectory();
    const service = await startService(dataDir, 'creating');
    const files = () => readdir(dataDir, { recursive: true });
    await expect
      .poll(async () => (await files()).join(), { timeout: 10_000 })
      .toContain('PG_VERSION');
    await kill(service);
    const server = await start(dataDir);
    expect(server.messages).toContainEqual(expect.stringContaining('creating the database'));
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.stop();
  });

  test('removes what a killed process left incomplete', async () => {
    const dataDir = await newDirectory();
    await mkdir(join(dataDir, 'postgres.new-0', 'base'), { recursive: true });
    const elsewhere = join(await newDirectory(), 'data');
    await mkdir(elsewhere);
    await symlink(elsewhere, join(dataDir, 'postgres.new-1'));
    const server = await start(dataDir);
    expect((await readdir(dataDir)).sort()).toEqual(FILES);
    await expect(stat(elsewhere)).rejects.toMatchObject({ code: 'ENOENT' });
    await server.stop();
  });

  test('is shared by services that start at the same time, and stopped by the last one', async () => {
    const dataDir = await newDirectory();
    const [one, two, service] = await Promise.all([
      start(dataDir),
      start(dataDir),
      startService(dataDir, 'ready'),
    ]);
    expect(two.url).toBe(one.url);
    await Promise.all([one.stop(), two.stop()]);
    const pid = await serverPid(dataDir);
    expect(pid).toBeDefined();

    const three = await start(dataDir);
    expect(await serverPid(dataDir)).toBe(pid);
    await kill(service);
    const four = await start(dataDir);
    await Promise.all([three.stop(), four.stop()]);
    await expect(query(one.url, 'select 1')).rejects.toThrow('ECONNREFUSED');
  });

  test('starts again after it was killed, with all that was committed', async () => {
    const dataDir = await newDirectory();
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

  test('is started again on the same port when it ends while services use it', async () => {
    const dataDir = await newDirectory();
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
    expect([...one.messages, ...two.messages]).toContain('PostgreSQL runs again');
    await Promise.all([one.stop(), two.stop()]);
    expect(await serverPid(dataDir)).toBeUndefined();
  });

  test.for([
    ['of another program', `${process.pid}\n$DATA\n1\n1\n\n127.0.0.1\n`],
    ['that is empty', ''],
  ] as const)('starts despite a PID file %s', async ([, content]) => {
    const dataDir = await newDirectory();
    await (await start(dataDir)).stop();
    const data = join(dataDir, 'postgres');
    const file = join(data, 'postmaster.pid');
    await writeFile(file, content.replace('$DATA', await realpath(data)));
    const server = await start(dataDir);
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.stop();
  });

  test('starts a separate server on a copy of the data', async () => {
    const [original, copy] = [await newDirectory(), await newDirectory()];
    const server = await start(original);
    await run('/bin/cp', ['-a', join(original, 'postgres'), copy]);
    const other = await start(copy);
    expect(other.url).not.toBe(server.url);
    expect(await query(other.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await Promise.all([other.stop(), server.stop()]);
  });

  test("rejects another version's data, and a link to missing data, in one line", async () => {
    const dataDir = await newDirectory();
    const data = join(dataDir, 'postgres');
    await mkdir(data);
    await writeFile(join(data, 'PG_VERSION'), '17\n');
    if (isRoot) await chown(data, 65534, 65534);
    await expect(start(dataDir)).rejects.toThrow(
      /^DATA_DIR: .*\/postgres contains data of PostgreSQL 17.*$/,
    );
    await rm(data, { recursive: true });
    await symlink('/nowhere/data', data);
    await expect(start(dataDir)).rejects.toThrow(
      /^DATA_DIR: .*\/postgres links to \/nowhere\/data.*$/,
    );
  });

  test('rejects a platform that it has no programs for, in one line', () => {
    const platform = vi.spyOn(process, 'arch', 'get').mockReturnValue('riscv64');
    expect(() => packagedPrograms()).toThrow(/^DATABASE_URL: .*-riscv64$/);
    platform.mockRestore();
  });
});

describe.runIf(isRoot)('the embedded PostgreSQL as root', () => {
  test('keeps its data in a shared directory if other users cannot enter the data directory', async () => {
    const closed = await newDirectory({ open: false });
    const dataDir = join(closed, 'data');
    const first = await start(dataDir);
    expect(first.messages.join('\n')).toContain(closed);
    await query(first.url, "create table notes as select 'kept' as note");
    await first.stop();
    expect(dirname(await realpath(join(dataDir, 'postgres')))).toBe('/var/lib/tasks-api');
    const second = await start(dataDir);
    expect(await query(second.url, 'select note from notes')).toEqual([{ note: 'kept' }]);
    await second.stop();
  });

  test("rejects root's data, in one line", async () => {
    const dataDir = await newDirectory();
    await mkdir(join(dataDir, 'postgres'));
    await expect(start(dataDir)).rejects.toThrow(/^DATA_DIR: .*\/postgres belongs to root.*$/);
  });

  test('copies its programs, once, from a directory that other users cannot enter', async () => {
    const closed = await newDirectory({ open: false });
    const shared = join(await newDirectory(), 'shared');
    // As with a umask of 077.
    await mkdir(shared, { mode: 0o700 });
    const packaged = join(closed, 'native');
    await cp(packagedPrograms(), packaged, { recursive: true, verbatimSymlinks: true });
    await run('/bin/chmod', ['-R', 'go=', packaged]);
    await cp(join(packagedPrograms(), '..', 'package.json'), join(closed, 'package.json'));
    const account = await serverAccount('', undefined);
    const find = () => findPrograms(account, packaged, shared);
    const [programs] = await Promise.all([find(), find()]);
    const directory = `postgresql-${programs.version}`;
    expect(dirname(programs.postgres)).toBe(join(shared, directory, 'bin'));
    const { ino } = await stat(programs.postgres);
    expect(await find()).toEqual(programs);
    expect((await stat(programs.postgres)).ino).toBe(ino);
    expect(await run(programs.initdb, ['--version'], { account })).toContain('PostgreSQL');
    expect((await readdir(shared)).sort()).toEqual([directory, `${directory}.lock`]);
  });
});
