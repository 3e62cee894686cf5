/** Measures how much of the primary's CPU time a read replica saves. */

import { writeFile } from 'node:fs/promises';
import type { Request } from 'autocannon';
import { signDevelopmentToken } from '../src/auth/development.ts';
import { runCommand } from '../src/commands/run-command.ts';
import { parseConfig } from '../src/config.ts';
import { migrate } from '../src/db/migrate.ts';
import { startReplication } from '../tests/support/replication.ts';
import { query } from './support/database.ts';
import { interruption } from './support/interruption.ts';
import { type Measurement, measure } from './support/load.ts';
import { describeMachine } from './support/machine.ts';
import { table } from './support/markdown.ts';
import { startServer } from './support/running-server.ts';
import { service } from './support/servers.ts';
import { median } from './support/statistics.ts';
import { SECRET } from './support/token.ts';

/** So many that the time between two requests of a user is longer than the replica needs for a write. */
const USERS = 2000;
const CONNECTIONS = 32;
const TASKS = 50;
const SECONDS = 5;
const ROUNDS = 7;
/** Of ten requests, eight read. */
const MIX = ['list', 'get', 'update', 'list', 'get', 'count', 'list', 'update', 'get', 'list'];
const READS = MIX.filter((work) => work !== 'update');
const print = (line: string) => process.stdout.write(`${line}\n`);

interface Load extends Measurement {
  /** The transactions of the primary per request. */
  readonly transactions: number;
}

interface User {
  readonly token: string;
  readonly taskId: string;
}

await runCommand(run);

async function run(): Promise<void> {
  const interrupted = interruption();
  print('Starting PostgreSQL and its replica …');
  const { primary, replica, stop } = await startReplication();
  await using _ = { [Symbol.asyncDispose]: stop };
  const url = `${primary.url}?sslmode=disable`;
  await migrate(url, { info: () => undefined });
  const users = await createUsers(url);

  const pid = await primary.pid();
  const readUrl = `${replica.url}?sslmode=disable`;
  const measureWith = async (environment: Record<string, string>, mix = MIX): Promise<Load> => {
    const before = await transactionsOf(url);
    const measurement = await measureService(environment, mix);
    const transactions = (await transactionsOf(url)) - before;
    const requests = measurement.requestsPerSecond * SECONDS;
    return { ...measurement, transactions: transactions / requests };
  };
  const measureService = async (environment: Record<string, string>, mix: string[]) => {
    interrupted.throwIfAborted();
    const kind = {
      ...service,
      // Production requires a Redis server for the replica.
      environment: { ...service.environment, NODE_ENV: 'development', ...environment },
    };
    const server = await startServer(kind, url, users[0]?.token ?? '');
    await using _ = { [Symbol.asyncDispose]: () => server.stop() };
    const measurement = await measure({
      url: server.url,
      connections: CONNECTIONS,
      seconds: SECONDS,
      statuses: [200],
      requestsOf: (connection) => requestsOf(users, connection, mix),
      serverPid: server.pid,
      databasePid: pid,
    });
    if (measurement.errors > 0) throw new Error(`${measurement.errors} requests failed`);
    return measurement;
  };
  const without: Load[] = [];
  const withReplica: Load[] = [];
  const reads: Load[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    print(`Round ${round} of ${ROUNDS} …`);
    without.push(await measureWith({}));
    reads.push(await measureWith({}, READS));
    withReplica.push(await measureWith({ DATABASE_READ_URL: readUrl }));
  }

  const cpu = (measurements: Load[]) => median(measurements.map(({ databaseCpu }) => databaseCpu));
  const transactions = (measurements: Load[]) =>
    median(measurements.map((measurement) => measurement.transactions));
  const row = (name: string, measurements: Load[]) => [
    name,
    `${cpu(measurements).toFixed(0)} µs`,
    transactions(measurements).toFixed(2),
    `${median(measurements.map(({ serverCpu }) => serverCpu)).toFixed(0)} µs`,
    median(measurements.map(({ requestsPerSecond }) => requestsPerSecond)).toFixed(0),
  ];
  const share = READS.length / MIX.length;
  const readCpu = (share * cpu(reads)) / cpu(without);
  const saved = 1 - cpu(withReplica) / cpu(without);
  const savedTransactions = 1 - transactions(withReplica) / transactions(without);
  const percent = (part: number) => `${(part * 100).toFixed(0)} %`;
  const report = [
    '# A read replica',
    describeMachine([]),
    `CPU time and transactions of the primary per request; ${USERS} users in turn, ${share * 100} % of the requests read. The medians of ${ROUNDS} rounds of ${SECONDS} s.`,
    table(
      ['', 'primary', 'its transactions', 'service', 'requests/s'],
      [
        row('without a replica', without),
        row('only the reads, without a replica', reads),
        row('with a replica', withReplica),
      ],
    ),
    `The reads need ${percent(readCpu)} of the primary's CPU time; the replica saves ${percent(saved)} of it, and ${percent(savedTransactions)} of the transactions.`,
  ].join('\n\n');
  await writeFile(new URL('replica.md', import.meta.url), `${report}\n`);
  print(`\n${report}`);
}

async function transactionsOf(url: string): Promise<number> {
  const [row] = await query(
    url,
    'select xact_commit from pg_stat_database where datname = current_database()',
  );
  return Number(row?.['xact_commit']);
}

/** Creates the users, each with some tasks. */
async function createUsers(url: string): Promise<User[]> {
  await query(
    url,
    `insert into users (id) select 'user-' || n from generate_series(0, ${USERS - 1}) n`,
  );
  await query(
    url,
    `insert into tasks (user_id, id, title)
     select 'user-' || n % ${USERS}, uuidv7(), 'Task ' || n from generate_series(0, ${USERS * TASKS - 1}) n`,
  );
  await query(url, 'vacuum analyze');
  const rows = await query(url, 'select user_id, min(id::text) as id from tasks group by user_id');
  const config = parseConfig({ BETTER_AUTH_SECRET: SECRET });
  return Promise.all(
    rows.map(async ({ user_id: userId, id }) => ({
      token: await signDevelopmentToken(config, SECRET, String(userId)),
      taskId: String(id),
    })),
  );
}

/** The requests of a connection: its users take turns. */
function requestsOf(users: readonly User[], connection: number, mix: string[]): Request[] {
  const own = users.filter((_, number) => number % CONNECTIONS === connection);
  return mix.flatMap((_, round) =>
    own.map((user, number) => requestOf(user, mix[(number + round) % mix.length] ?? '')),
  );
}

function requestOf({ token, taskId }: User, work: string): Request {
  const path = `/api/tasks/${taskId}`;
  const headers = { Authorization: `Bearer ${token}` };
  switch (work) {
    case 'list':
      return { method: 'GET', path: '/api/tasks', headers };
    case 'get':
      return { method: 'GET', path, headers };
    case 'count':
      return { method: 'GET', path: '/api/me/task-counts', headers };
    default:
      return { method: 'PATCH', path: `${path}/complete`, headers };
  }
}
