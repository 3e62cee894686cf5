import {
  chown,
  cp,
  mkdir,
  readdir,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { serverAccount } from '../../../src/embedded-postgres/account.ts';
import { findPrograms, packagedPrograms } from '../../../src/embedded-postgres/programs.ts';
import { run } from '../../../src/embedded-postgres/run.ts';
import {
  kill,
  newDirectory,
  query,
  serverPid,
  start,
  startService,
} from '../../support/embedded.ts';

const isRoot = process.getuid?.() === 0;
const FILES = ['postgres', 'postgres.start.lock', 'postgres.use.lock'];

describe('the data of the embedded PostgreSQL', () => {
  test('keeps its data between runs, and stops after each', async () => {
    const dataDir = join(await newDirectory(), 'data');
    const first = await start(dataDir);
    await query(first.url, "create table notes as select 'kept' as note");
    const stopped = first.stop();
    expect(first.stop()).toBe(stopped);
    await stopped;
    await expect(query(first.url, 'select 1')).rejects.toThrow('ECONNREFUSED');
    await expect.poll(() => serverPid(dataDir)).toBeUndefined();

    const second = await start(dataDir);
    expect(await query(second.url, 'select note from notes')).toEqual([{ note: 'kept' }]);
    expect((await readdir(dataDir)).sort()).toEqual(FILES);
    await second.stop();
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

describe.runIf(isRoot)('the data of the embedded PostgreSQL, as root', () => {
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
