import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { administer } from './server.ts';
import { unusedPort } from './unused-port.ts';

/** Debian installs PgBouncer in a directory that is not on the `PATH` of ordinary users. */
const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin`;

/** The version of the installed PgBouncer; null if it is not installed. */
export const pgbouncerVersion = installedVersion();

function installedVersion(): string | null {
  try {
    const output = execFileSync('pgbouncer', ['--version'], {
      env: { ...process.env, PATH },
      encoding: 'utf8',
    });
    return /PgBouncer (\S+)/.exec(output)?.[1] ?? null;
  } catch {
    return null;
  }
}

/** The name of a `describe` block that requires PgBouncer, with the reason if it is skipped. */
export const pgbouncerName =
  pgbouncerVersion === null
    ? 'PgBouncer (NOT TESTED: it is not installed; on Debian: apt-get install pgbouncer)'
    : `PgBouncer ${pgbouncerVersion}`;

/**
 * Starts PgBouncer in front of a database.
 *
 * @param ignoredParameters start-up parameters that it ignores, instead of refusing them
 */
export async function startPgBouncer(
  databaseUrl: string,
  poolSize: number,
  mode: 'transaction' | 'session' = 'transaction',
  ignoredParameters = '',
) {
  const directory = await mkdtemp(join(tmpdir(), 'tasks-api-pgbouncer-'));
  await chmod(directory, 0o755);
  const port = await unusedPort();
  const { hostname, port: serverPort, username, password, pathname } = new URL(databaseUrl);
  const configuration = join(directory, 'pgbouncer.ini');
  const server = `host=${hostname} port=${serverPort} user=${username}${password && ` password=${password}`}`;
  await writeFile(
    configuration,
    `[databases]
    * = ${server}
    [pgbouncer]
    listen_addr = 127.0.0.1
    listen_port = ${port}
    unix_socket_dir =
    auth_type = any
    pool_mode = ${mode}
    default_pool_size = ${poolSize}
    server_login_retry = 1
    ignore_startup_parameters = ${ignoredParameters}
    `,
  );
  // PgBouncer refuses to run as root.
  const account = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const child = spawn('pgbouncer', [...account, configuration], {
    env: { ...process.env, PATH },
    stdio: 'ignore',
  });
  const exited = once(child, 'exit');
  const url = `postgres://${username}@127.0.0.1:${port}${pathname}`;
  await untilReady(`${url}?sslmode=disable`);
  return {
    url,
    stop: async () => {
      child.kill('SIGKILL');
      await exited;
      await rm(directory, { recursive: true });
    },
  };
}

async function untilReady(url: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await administer(url, 'select 1');
      return;
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
