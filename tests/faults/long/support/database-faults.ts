import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, createClient, disconnect } from '../../../../src/db/connection/client.ts';
import { connectionOptions } from '../../../../src/db/connection/connection-options.ts';
import type { Proxy } from '../../../support/proxy.ts';
import type { TemporaryPostgres } from '../../../support/temporary-postgres.ts';

export interface Fault {
  readonly done: string;
  /** Whether an error response means that nothing was stored. Otherwise the outcome of a statement that was sent is unknown. */
  readonly isDefinite?: boolean;
  /** Whether `make test` provokes it. */
  readonly isShort?: boolean;
  /** Whether the service is connected through PgBouncer. */
  readonly isPooled?: boolean;
  /** Provokes the fault, and ends it after a time. */
  readonly provoke: () => Promise<void>;
}

/** A PostgreSQL that only these tests use. */
export type Server = Omit<TemporaryPostgres, 'directory'>;

interface Parts {
  readonly server: Server;
  /** Between the service and the server. */
  readonly proxy: Proxy;
  /** How long a fault lasts, in milliseconds. */
  readonly holdMs: number;
}

/** The faults of a database, most of them longer than the 5 s after which the service gives up a statement. */
export function databaseFaults({ server, proxy, holdMs }: Parts): readonly Fault[] {
  const hold = () => sleep(holdMs);
  const cutRepeatedly = async () => {
    for (let count = 0; count < 10; count++) {
      proxy.cut();
      await sleep(holdMs / 10);
    }
  };
  const killBackend = () =>
    withAdministrator(server.url, async (query) => {
      const [row] = await query(
        `select pid from pg_stat_activity where application_name = 'tasks-api' and pid <> pg_backend_pid()
         and datname = current_database() order by state = 'active' desc limit 1`,
      );
      if (row) process.kill(Number(row['pid']), 'SIGKILL');
    });
  return [
    { done: 'kill -9 of a PostgreSQL backend', provoke: killBackend },
    {
      done: 'kill -9 of PostgreSQL, which is restarted',
      provoke: async () => {
        const pid = await server.pid();
        process.kill(pid, 'SIGKILL');
        while ((await server.pid().catch(() => pid)) === pid) await sleep(50);
      },
    },
    {
      done: 'SIGSTOP and SIGCONT of PostgreSQL',
      provoke: async () => {
        const pids = await processesOf(server);
        for (const pid of pids) signal(pid, 'SIGSTOP');
        await hold();
        for (const pid of pids) signal(pid, 'SIGCONT');
      },
    },
    {
      done: 'lock on a table',
      isDefinite: true,
      isShort: true,
      provoke: () =>
        withAdministrator(server.url, async (query) => {
          await query('begin; lock table tasks');
          await hold();
          await query('commit');
        }),
    },
    {
      done: 'refused connections',
      provoke: async () => {
        await proxy.down();
        await hold();
        await proxy.up();
      },
    },
    {
      done: 'all connections terminated, connection limit 0',
      provoke: () =>
        withAdministrator(server.url, async (query) => {
          await query('alter database tasks connection limit 0');
          await query(
            `select pg_terminate_backend(pid) from pg_stat_activity
             where pid <> pg_backend_pid() and datname = current_database()`,
          );
          await hold();
          await query('alter database tasks connection limit -1');
        }),
    },
    {
      done: 'packets delayed by 300 ms by a proxy',
      provoke: async () => {
        proxy.delay(300);
        await hold();
        proxy.delay(0);
      },
    },
    { done: 'all connections cut ten times by a proxy', isShort: true, provoke: cutRepeatedly },
    {
      done: 'responses of PostgreSQL dropped by a proxy',
      isShort: true,
      provoke: async () => {
        const end = proxy.swallow();
        await hold();
        end();
      },
    },
    {
      done: 'with PgBouncer in transaction mode, kill -9 of a backend',
      isPooled: true,
      provoke: killBackend,
    },
    {
      done: 'with PgBouncer in transaction mode, connections cut ten times',
      isPooled: true,
      provoke: cutRepeatedly,
    },
  ];
}

type Query = (statement: string) => Promise<Record<string, unknown>[]>;

/** Runs a function with a connection of its own, which the faults do not affect. */
async function withAdministrator(url: string, run: (query: Query) => Promise<void>): Promise<void> {
  const options = {
    ...(await connectionOptions(`${url}?sslmode=disable`)),
    application_name: 'faults',
  };
  let client = createClient(options);
  // PostgreSQL can still be recovering from the fault before.
  while (!(await succeeds(connect(client)))) {
    await sleep(100);
    client = createClient(options);
  }
  try {
    await run(async (statement) => (await client.query<Record<string, unknown>>(statement)).rows);
  } finally {
    await disconnect(client);
  }
}

const succeeds = (promise: Promise<unknown>) =>
  promise.then(
    () => true,
    () => false,
  );

/** The server and all its backends. */
async function processesOf(server: Server): Promise<number[]> {
  const pid = await server.pid();
  const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
  return [pid, ...children.trim().split(/\s+/).map(Number)];
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}
