/**
 * Measures what a request and a task cost, compares the predictions of the capacity model with measurements of two processes
 * and of a database with 11 million tasks, and prints what 10³ to 10⁹ users need. Writes `bench/capacity.md`.
 */

import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { runCommand } from '../src/commands/run-command.ts';
import { assumptions, type Costs, needOf, throughputOf } from './support/capacity-model.ts';
import { type Contender, startContender } from './support/contender.ts';
import { seed, seedUser } from './support/data.ts';
import { type BenchDatabase, query, startDatabase } from './support/database.ts';
import { interruption } from './support/interruption.ts';
import type { Measurement } from './support/load.ts';
import { describeMachine } from './support/machine.ts';
import { table } from './support/markdown.ts';
import { CONNECTIONS } from './support/plan.ts';
import { createProgress } from './support/progress.ts';
import { loadLarge, readRows } from './support/scale-data.ts';
import { median } from './support/statistics.ts';

const ROUNDS = 5;
const SECONDS = 4;
/** The large database has a hundred times as many tasks as the one whose sizes are measured. */
const SCALE = 100;
const USERS = [1e3, 1e5, 1e7, 1e9];
const cores = availableParallelism();
const print = (line: string) => process.stdout.write(`${line}\n`);

const interrupted = interruption();

await runCommand(run);

async function run(): Promise<void> {
  const rows = readRows();
  print('Starting PostgreSQL and preparing the data …');
  await using database = await startDatabase();
  const load = async (name: string, tasks: number) => {
    await database.createMigrated(name);
    await loadLarge(database.url(name), tasks, (line) => {
      interrupted.throwIfAborted();
      print(line);
    });
    return sizesOf(database.url(name));
  };
  const small = await load('sample', rows / SCALE);
  const large = await load('large', rows);
  await database.createMigrated('small');
  await seed(database.url('small'));
  await seedUser(database.url('large'));

  const [one, two, many] = await measureServices(database);
  const costs: Costs = {
    service: middle(one, 'serverCpu'),
    database: middle(one, 'databaseCpu'),
    load: middle(one, 'loadCpu'),
    bytesPerTask: small.tasks / (rows / SCALE),
    bytesPerUser: small.users / small.userCount,
  };
  const efficiency = rateOf(one) / throughputOf(costs, 1, cores);
  const report = [
    '# Capacity',
    describeMachine([`PostgreSQL ${database.version}`]),
    '## Cost of a request and of a task',
    costTable(costs),
    '## The model compared with measurements',
    `The model assumes that a process uses one core, that the CPU time per request does not depend on the number of processes and tasks, and that sizes are proportional to the number of rows. The load generator shares the ${cores} cores. One process completes ${number(rateOf(one))} requests/s, ${number(efficiency * 100)} % of what its CPU time allows, because the programs wait for each other. The predictions include this factor. All figures are medians of ${ROUNDS} rounds.`,
    table(
      ['', 'predicted', 'measured', 'measured / predicted'],
      [
        comparison(
          'requests/s, WORKERS=2',
          throughputOf(costs, 2, cores) * efficiency,
          rateOf(two),
        ),
        comparison(`requests/s, ${number(rows)} tasks`, rateOf(one), rateOf(many)),
        comparison(
          `MB of ${number(rows)} tasks`,
          (costs.bytesPerTask * rows) / 1e6,
          large.tasks / 1e6,
        ),
      ],
    ),
    '## What users need',
    simulation(costs),
  ].join('\n\n');
  await writeFile(new URL('capacity.md', import.meta.url), `${report}\n`);
  print(`\n${report}\n\nThe report is in bench/capacity.md.`);
}

/** Measures the mix with one process, with two, and with one on the large database, in turn. */
async function measureServices(database: BenchDatabase): Promise<Measurement[][]> {
  await using running = new AsyncDisposableStack();
  const contenders: Contender[] = [];
  for (const [name, template] of [
    ['service', 'small'],
    ['workers', 'small'],
    ['service', 'large'],
  ] as const) {
    const started = await startContender(name, { starts: 1 }, database, template);
    if (typeof started === 'string') throw new Error(started);
    contenders.push(running.use(started));
  }
  const step = { work: 'mix', connections: CONNECTIONS } as const;
  for (const contender of contenders) await contender.measure(step, 2 * SECONDS);
  const progress = createProgress(ROUNDS * contenders.length);
  const measured: Measurement[][] = contenders.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [n, contender] of contenders.entries()) {
      interrupted.throwIfAborted();
      const measurement = await contender.measure(step, SECONDS);
      if (measurement.errors > 0) throw new Error(`${measurement.errors} requests failed`);
      measured[n]?.push(measurement);
      progress(`${measurement.requestsPerSecond.toFixed(0)} requests/s`);
    }
  }
  return measured;
}

/** The sizes of the tables with their indexes, in bytes, and the number of users. */
async function sizesOf(url: string) {
  const [row = {}] = await query(
    url,
    `select pg_total_relation_size('tasks') as tasks, pg_total_relation_size('users') as users,
            (select count(*) from users) as user_count`,
  );
  return {
    tasks: Number(row['tasks']),
    users: Number(row['users']),
    userCount: Number(row['user_count']),
  };
}

function middle(measurements: readonly Measurement[] = [], name: keyof Measurement): number {
  return median(measurements.map((measurement) => measurement[name]));
}

function rateOf(measurements?: readonly Measurement[]): number {
  return middle(measurements, 'requestsPerSecond');
}

function number(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function comparison(name: string, predicted: number, measured: number): string[] {
  return [name, number(predicted), number(measured), (measured / predicted).toFixed(2)];
}

function costTable({ service, database, load, bytesPerTask, bytesPerUser }: Costs): string {
  const perCore = (micros: number) => `${number(1e6 / micros)} requests/s`;
  return table(
    ['', 'cost', 'capacity of a core or of 1 GB'],
    [
      ['CPU of the service per request', `${number(service)} µs`, perCore(service)],
      ['CPU of PostgreSQL per request', `${number(database)} µs`, perCore(database)],
      ['CPU of the load generator per request', `${number(load)} µs`, perCore(load)],
      [
        'a task, with its indexes',
        `${number(bytesPerTask)} bytes`,
        `${number(1e9 / bytesPerTask)} tasks`,
      ],
      [
        'a user, with its indexes',
        `${number(bytesPerUser)} bytes`,
        `${number(1e9 / bytesPerUser)} users`,
      ],
    ],
  );
}

function simulation(costs: Costs): string {
  const a = assumptions;
  const rows = USERS.map((users) => {
    const need = needOf(users, costs);
    const [first] = need.limits;
    return [
      number(users),
      number(need.requestsPerSecond),
      number(need.serviceProcesses),
      need.databaseCores.toFixed(1),
      number(need.databaseServers),
      `${number(need.bytes / 1e9)} GB`,
      number(need.connections),
      `$${number(need.price)}`,
      first ? `${first.name}: ${number(first.used * 100)} %` : '',
    ];
  });
  return [
    `Assumptions: each user has ${a.tasksPerUser} tasks and sends ${a.requestsPerUserAndDay} requests per day; the load in the busiest hour is ${a.peak} times the average, and uses half of each core; PostgreSQL servers with ${a.coresPerServer} cores, ${a.bytesPerServer / 1e12} TB and ${a.connectionsPerServer} connections, each with a standby; $${a.pricePerCore} per core and $${a.pricePerGigabyte.toFixed(2)} per GB per month. To use your own numbers, change \`assumptions\` in bench/support/capacity-model.ts.`,
    table(
      [
        'users',
        'requests/s',
        'processes',
        'PostgreSQL cores',
        'PostgreSQL servers',
        'data',
        'connections',
        'a month',
        'most used resource, if one server had all data',
      ],
      rows,
    ),
  ].join('\n\n');
}
