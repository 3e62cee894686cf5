/**
 * Compares this service with other servers that do the same on the same data: throughput, latency, errors, and the CPU time
 * of the server and of PostgreSQL per request. Writes `bench/results.md`, `bench/results.svg`, and a table with the chart in the
 * README, unless it is a quick run.
 */

import { readFile, writeFile } from 'node:fs/promises';
import { runCommand } from '../src/commands/run-command.ts';
import { chartOf } from './support/chart.ts';
import { type Contender, startContender } from './support/contender.ts';
import { seed } from './support/data.ts';
import { type BenchDatabase, startDatabase } from './support/database.ts';
import { interruption } from './support/interruption.ts';
import { describeMachine } from './support/machine.ts';
import { CONNECTIONS, minutesOf, type Plan, readPlan } from './support/plan.ts';
import { createProgress } from './support/progress.ts';
import { cpuTable, measurementTable, reportOf, targetTable } from './support/report.ts';
import type { Results, Sample } from './support/results.ts';
import { type ServerName, servers } from './support/servers.ts';
import { versionsOf } from './support/versions.ts';
import { works } from './support/works.ts';

const TEMPLATE = 'bench';
const CHART = '![CPU time of one request, by server](bench/results.svg)';
const print = (text: string) => process.stdout.write(`${text}\n`);

const interrupted = interruption();

await runCommand(compare);

async function compare(): Promise<void> {
  const plan = readPlan(process.env);
  print(`This takes about ${Math.ceil(minutesOf(plan))} minutes.`);
  print('Starting PostgreSQL and preparing the data …');
  await using database = await startDatabase();
  await database.createMigrated(TEMPLATE);
  await seed(database.url(TEMPLATE));
  const results = await measureServers(plan, database);
  if (plan.quick) {
    for (const { work, connections } of plan.steps)
      print(`\n${works[work].title}:\n${measurementTable(results, work, connections)}`);
  } else {
    const file = (name: string) => new URL(name, import.meta.url);
    const versions = [
      `PostgreSQL ${database.version}`,
      ...(await versionsOf([...results.servers.keys()])),
    ];
    await writeFile(file('results.md'), `${reportOf(results, plan, versions)}\n`);
    await writeFile(file('results.svg'), chartOf(results));
    const readme = file('../README.md');
    const summary = [cpuTable(results), CHART, describeMachine(versions)].join('\n\n');
    await writeFile(readme, withSummary(await readFile(readme, 'utf8'), summary));
    print('\nThe results are in bench/results.md, bench/results.svg and README.md.');
  }
  print(`\n${targetTable(results)}`);
}

/**
 * Replaces what is between the marks of a document.
 *
 * @throws if it has no marks
 */
function withSummary(document: string, summary: string): string {
  const [before, rest] = document.split('<!-- bench -->\n');
  const [, after] = rest?.split('<!-- end -->') ?? [];
  if (before === undefined || after === undefined)
    throw new Error('The README has no marks <!-- bench --> and <!-- end -->');
  return `${before}<!-- bench -->\n\n${summary}\n\n<!-- end -->${after}`;
}

/** Starts the servers, measures them in turn, and stops them. */
async function measureServers(plan: Plan, database: BenchDatabase): Promise<Results> {
  await using running = new AsyncDisposableStack();
  const contenders: Contender[] = [];
  const omitted = new Map<ServerName, string>();
  for (const name of plan.servers) {
    interrupted.throwIfAborted();
    const started = await startContender(name, plan, database, TEMPLATE);
    if (typeof started === 'string') {
      omitted.set(name, started);
      print(`Omitted: ${servers[name].title}, ${started}`);
    } else {
      contenders.push(running.use(started));
      print(`Started: ${servers[name].title}, ${started.startMs.at(-1)?.toFixed(0)} ms`);
    }
  }
  await warmUp(plan, contenders);
  const samples = await measureRounds(plan, contenders);
  return {
    samples,
    omitted,
    servers: new Map(
      contenders.map((contender) => [
        contender.name,
        {
          title: servers[contender.name].title,
          startMs: contender.startMs,
          memory: contender.memory(),
        },
      ]),
    ),
  };
}

/** Lets the servers compile their code and open their connections. */
async function warmUp({ steps, warmUpSeconds }: Plan, contenders: readonly Contender[]) {
  const measured = steps.filter(({ connections }) => connections === CONNECTIONS);
  for (const contender of contenders) {
    print(`Warming up: ${servers[contender.name].title}`);
    await contender.measure({ work: 'mix', connections: CONNECTIONS }, warmUpSeconds.mix);
    for (const step of measured) {
      interrupted.throwIfAborted();
      if (contender.supports(step.work)) await contender.measure(step, warmUpSeconds.work);
    }
  }
}

/**
 * In each round, each step is measured for one server after the other, beginning with another server. Every other round is in the
 * reverse order, so that no server always follows the same one.
 */
async function measureRounds(plan: Plan, contenders: readonly Contender[]): Promise<Sample[]> {
  const samples: Sample[] = [];
  const rounds = Array.from({ length: plan.rounds }, (_, n) => n);
  const turns = rounds.flatMap((round) => {
    const first = round % contenders.length;
    const order = [...contenders.slice(first), ...contenders.slice(0, first)];
    if (round % 2 === 1) order.reverse();
    return plan.steps.flatMap((step) =>
      order
        .filter((contender) => contender.supports(step.work))
        .map((contender) => ({ round, step, contender })),
    );
  });
  const progress = createProgress(turns.length);
  for (const { round, step, contender } of turns) {
    interrupted.throwIfAborted();
    const measurement = await contender.measure(step, plan.seconds);
    samples.push({ server: contender.name, round, ...step, ...measurement });
    const { requestsPerSecond, serverCpu, databaseCpu, errors } = measurement;
    progress(
      [
        `${works[step.work].title}, ${step.connections} connections, ${servers[contender.name].title}:`,
        `${requestsPerSecond.toFixed(0)}/s, CPU ${serverCpu.toFixed(0)} + ${databaseCpu.toFixed(0)} µs`,
        ...(errors > 0 ? [`(${errors} errors)`] : []),
      ].join(' '),
    );
  }
  return samples;
}
