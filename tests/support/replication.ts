import { appendFile, chmod, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type DataDirectory,
  openDataDirectory,
} from '../../src/embedded-postgres/data-directory.ts';
import { run } from '../../src/embedded-postgres/run.ts';
import { ensureServer, stopServer } from '../../src/embedded-postgres/server.ts';
import { administer } from './server.ts';

/** What the tests do that only a superuser may do. */
const GRANTS = `ALTER ROLE tasks REPLICATION;
GRANT EXECUTE ON FUNCTION pg_wal_replay_pause() TO tasks;
GRANT EXECUTE ON FUNCTION pg_wal_replay_resume() TO tasks;
`;

/** A PostgreSQL server of its own. */
interface Server {
  readonly url: string;
  /** The process id of the postmaster, the root of its processes. */
  pid(): Promise<number>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

interface Replica extends Server {
  /** Stops replaying the log, so that the replica lags. */
  pause(): Promise<void>;
  resume(): Promise<void>;
}

export interface Replication {
  readonly primary: Server;
  readonly replica: Replica;
  stop: () => Promise<void>;
}

/**
 * Starts an embedded PostgreSQL and a streaming replica of it. The npm package has no `pg_basebackup`: the data of the stopped
 * primary are copied.
 */
export async function startReplication(): Promise<Replication> {
  const directory = await mkdtemp(join(tmpdir(), 'tasks-api-replication-'));
  // When the tests run as root, the servers run as another user.
  await chmod(directory, 0o755);
  const dataDirectory = await openDataDirectory(directory, () => undefined);
  const { programs, account } = dataDirectory;
  const singleUser = ['--single', '-D', dataDirectory.path, '-c', 'exit_on_error=on', 'tasks'];
  await run(programs.postgres, singleUser, { account, input: GRANTS });
  const data = join(directory, 'replica');
  await cp(dataDirectory.path, data, { recursive: true });
  const primary = await startServer(dataDirectory);

  const { username, password, port } = new URL(primary.url);
  const source = `host=127.0.0.1 port=${port} user=${username} password=${password}`;
  await writeFile(join(data, 'standby.signal'), '');
  await appendFile(join(data, 'postgresql.auto.conf'), `primary_conninfo = '${source}'\n`);
  if (account) await run('/bin/chown', ['-R', `${account.uid}:${account.gid}`, data]);
  const replica = await startServer({ ...dataDirectory, path: data });
  return {
    primary,
    replica: {
      ...replica,
      pause: () => execute(replica.url, 'select pg_wal_replay_pause()'),
      resume: () => execute(replica.url, 'select pg_wal_replay_resume()'),
    },
    async stop() {
      await Promise.all([replica.stop(), primary.stop()]);
      await rm(directory, { recursive: true, maxRetries: 5 });
    },
  };
}

async function startServer(dataDirectory: DataDirectory): Promise<Server> {
  const url = await ensureServer(dataDirectory);
  const { port } = new URL(url);
  return {
    url,
    pid: async () => {
      const file = await readFile(join(dataDirectory.path, 'postmaster.pid'), 'utf8');
      return Number.parseInt(file, 10);
    },
    start: async () => {
      await ensureServer(dataDirectory, Number(port));
    },
    stop: () => stopServer(dataDirectory),
  };
}

async function execute(url: string, statement: string): Promise<void> {
  await administer(url, statement);
}
