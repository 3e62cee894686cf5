import { appendFile, chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type DataDirectory,
  openDataDirectory,
} from '../../../../src/embedded-postgres/data-directory.ts';
import { run } from '../../../../src/embedded-postgres/run.ts';
import { unusedPort } from '../../../support/unused-port.ts';

/** Starts two servers: a primary, and a standby that has every write that the primary has acknowledged. */
export async function startPrimaryAndStandby() {
  const dataDir = await mkdtemp(join(tmpdir(), 'tasks-api-standby-'));
  await chmod(dataDir, 0o755);
  const dataDirectory = await openDataDirectory(dataDir, () => undefined);
  const { programs, account, password, path: directory } = dataDirectory;
  const single = ['--single', '-D', directory, 'postgres'];
  await run(programs.postgres, single, { account, input: 'ALTER ROLE tasks REPLICATION;\n' });
  const copy = `${directory}-standby`;
  await run('/bin/cp', ['-a', directory, copy]);
  await run('/bin/touch', [join(copy, 'standby.signal')], { account });

  const start = async (data: string, settings: Readonly<Record<string, string>>) => {
    const port = await unusedPort();
    const all = {
      ...settings,
      port: String(port),
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
    };
    const lines = Object.entries(all).map(([name, value]) => `${name} = '${value}'\n`);
    await appendFile(join(data, 'postgresql.auto.conf'), lines.join(''));
    await control(dataDirectory, 'start', data, '-w', '-l', join(data, 'log'));
    return { port, url: `postgres://tasks:${password}@127.0.0.1:${port}/tasks` };
  };
  const primary = await start(directory, {});
  const standby = await start(copy, {
    primary_conninfo: `host=127.0.0.1 port=${primary.port} user=tasks password=${password}`,
  });
  await appendFile(join(directory, 'postgresql.auto.conf'), "synchronous_standby_names = '*'\n");
  await control(dataDirectory, 'reload', directory);
  return {
    primaryUrl: primary.url,
    standbyUrl: standby.url,
    killPrimary: async () => {
      const pid = Number.parseInt(await readFile(join(directory, 'postmaster.pid'), 'utf8'));
      process.kill(pid, 'SIGKILL');
    },
    promote: () => control(dataDirectory, 'promote', copy, '-w'),
    stop: async () => {
      for (const data of [directory, copy])
        await control(dataDirectory, 'stop', data, '-m', 'immediate').catch(() => undefined);
      await rm(dataDir, { recursive: true, maxRetries: 5 });
    },
  };
}

async function control(
  { programs, account }: DataDirectory,
  action: string,
  directory: string,
  ...options: string[]
): Promise<void> {
  await run(programs.pgCtl, [action, '-s', '-D', directory, ...options], { account });
}
