/**
 * Replaces an earlier version of the service by this one, replica by replica and under load, with the migrations in between, and
 * prints how many requests failed.
 */

import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { interruption } from '../bench/support/interruption.ts';
import { table } from '../bench/support/markdown.ts';
import { signDevelopmentToken } from '../src/auth/development.ts';
import { type Program, startProgram } from '../src/commands/application/program.ts';
import { showStep } from '../src/commands/application/step.ts';
import { runCommand } from '../src/commands/run-command.ts';
import { parseConfig } from '../src/config.ts';
import { openClient } from '../src/db/connection/open-client.ts';
import { disconnect } from '../src/db/connection/client.ts';
import { ConfigError } from '../src/errors/config-error.ts';
import { type Cluster, readReplicas, serviceOf, startCluster } from './support/cluster.ts';
import { checkOut, lastRelease } from './support/earlier-version.ts';
import { type Load, startLoad } from './support/load.ts';

const REQUESTS = 20_000;
const CLIENTS = 20;
/** HAProxy asks twice a second whether a replica is ready. */
const NOTICE_MS = 1000;
const POLL_MS = 100;
const SECRET = 'the secret of a cluster that runs for a minute';
const checkout = resolve(import.meta.dirname, '..');

await runCommand(upgrade);

async function upgrade(): Promise<void> {
  const interrupted = interruption();
  const requests = readRequests();
  const replicas = readReplicas();
  const commit = process.env['from'] ?? (await lastRelease(checkout));
  await using earlier = await showStep(`Installing the version of ${commit}`, () =>
    checkOut(checkout, commit),
  );
  const dataDir = await mkdtemp(join(tmpdir(), 'tasks-api-upgrade-'));
  await using _ = { [Symbol.asyncDispose]: () => rm(dataDir, { recursive: true }) };
  await chmod(dataDir, 0o755);
  const config = parseConfig({ PORT: '0', DATA_DIR: dataDir, BETTER_AUTH_SECRET: SECRET });
  await using cluster = await startCluster(config, replicas, { RATE_LIMIT: '0' });

  const running = new Map<number, Program>();
  await using programs = new AsyncDisposableStack();
  programs.defer(async () => {
    await Promise.all([...running.values()].map((program) => program.stop()));
  });
  const start = async (port: number, directory: string) => {
    interrupted.throwIfAborted();
    const name = `service on port ${port}`;
    const program = startProgram(
      name,
      [serviceOf(directory)],
      cluster.environmentOf(port),
      'errors',
    );
    running.set(port, program);
    await program.ready(`http://127.0.0.1:${port}/readyz`);
  };
  for (const port of cluster.ports)
    await showStep(`Starting version ${earlier.version} on port ${port}`, () =>
      start(port, earlier.directory),
    );
  await sleep(NOTICE_MS);

  const users = Array.from({ length: CLIENTS }, (__, n) => `client-${n}`);
  const tokens = users.map((user) => signDevelopmentToken(config, SECRET, user));
  const load = startLoad(`http://127.0.0.1:${cluster.port}`, await Promise.all(tokens));
  const rows: string[][] = [];
  const step = async (name: string, work: () => Promise<unknown>) => {
    const before = { time: performance.now(), sent: load.sent(), failed: load.failed() };
    await showStep(name, work);
    rows.push([
      name,
      ((performance.now() - before.time) / 1000).toFixed(1),
      String(load.sent() - before.sent),
      String(load.failed() - before.failed),
    ]);
  };
  const until = async (count: number) => {
    while (load.sent() < count) {
      interrupted.throwIfAborted();
      await sleep(POLL_MS);
    }
  };
  try {
    await step(`Version ${earlier.version}`, () => until(requests / 5));
    await step('Migration', () => migrate(cluster));
    await step(`Version ${earlier.version} on the new schema`, () => until((2 * requests) / 5));
    for (const [n, port] of cluster.ports.entries())
      await step(`Replacing replica ${n + 1} of ${replicas}`, async () => {
        await running.get(port)?.stop();
        await start(port, checkout);
        await sleep(NOTICE_MS);
      });
    await step('The new version', async () => {
      await until(requests);
      await load.stop();
    });
  } finally {
    await load.stop();
  }
  await report(load, cluster, rows);
}

function readRequests(): number {
  const { requests = String(REQUESTS) } = process.env;
  const number = Number(requests);
  if (/^\d+$/.test(requests) && number >= 100 && number <= 1_000_000) return number;
  throw new ConfigError(`requests=${requests}: must be an integer from 100 to 1000000`);
}

async function migrate({ databaseUrl }: Cluster): Promise<void> {
  const args = [join(checkout, 'src', 'cli.ts'), 'migrate'];
  await promisify(execFile)(process.execPath, args, {
    env: { ...process.env, DATABASE_URL: databaseUrl },
  });
}

/** Compares the stored tasks with the responses, and prints the result. Failed requests set the exit code to 1. */
async function report(load: Load, { databaseUrl }: Cluster, rows: string[][]): Promise<void> {
  const client = await openClient(databaseUrl);
  const { rows: stored } = await client.query<{ title: string; count: number }>(
    'select title, count(*)::integer as count from tasks group by title',
  );
  await disconnect(client);
  const twice = stored.filter(({ count }) => count > 1).length;
  const titles = new Set(stored.map(({ title }) => title));
  const lost = [...load.created].filter((title) => !titles.has(title)).length;
  const failed = load.failed();
  process.stdout.write(`
${table(['step', 'seconds', 'requests', 'failed'], rows)}

${failed} of ${load.sent()} requests failed; of ${load.created.size} created tasks, ${lost} are lost and ${twice} are stored twice.
`);
  for (const [reason, count] of load.failures) process.stdout.write(`${count} × ${reason}\n`);
  if (failed + lost + twice > 0) process.exitCode = 1;
}
