/**
 * Profiles this service, and prints the CPU time of one request by package and folder. V8 takes some of its samples late, when
 * a system call returns, so that the rows of system calls, such as `writev`, can be too large. The row "in the kernel" is
 * measured by the operating system.
 */

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Profiler } from 'node:inspector';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../src/commands/run-command.ts';
import { PROTECTION, selfTimes } from './support/cpu-profile.ts';
import { cleanUp, seed } from './support/data.ts';
import { startDatabase } from './support/database.ts';
import { fixtureOf } from './support/fixture.ts';
import { interruption } from './support/interruption.ts';
import { measure } from './support/load.ts';
import { table } from './support/markdown.ts';
import { CONNECTIONS } from './support/plan.ts';
import { startServer } from './support/running-server.ts';
import { unbundledService } from './support/servers.ts';
import { signToken } from './support/token.ts';
import { cpuOf, kernelCpuOf } from './support/usage.ts';
import { BASIC, requestsOf, type Work, works } from './support/works.ts';

const PROFILED = [...BASIC, 'unchanged', 'refused', 'invalid'] as const;
const SECONDS = 5;
const DATABASE = 'profile';
/** Smaller parts are added up in the last row. */
const MIN_MICROSECONDS = 1;

/** The CPU time of one request of a work, in µs. */
interface Column {
  /** By origin. */
  readonly times: ReadonlyMap<string, number>;
  readonly kernel: number;
}

await runCommand(profile);

async function profile(): Promise<void> {
  const interrupted = interruption();
  await using database = await startDatabase();
  await database.createMigrated(DATABASE);
  const databaseUrl = database.url(DATABASE);
  await seed(databaseUrl);
  const profiler = fileURLToPath(new URL('support/profiler.ts', import.meta.url));
  const { args } = unbundledService;
  const profiled = { ...unbundledService, args: ['--import', profiler, ...args], ipc: true };
  const server = await startServer(profiled, databaseUrl, await signToken());
  await using _ = { [Symbol.asyncDispose]: () => server.stop() };
  const fixture = await fixtureOf(server.url, databaseUrl);

  const columns: Column[] = [];
  for (const name of PROFILED) {
    const run = async (seconds: number) => {
      interrupted.throwIfAborted();
      const work: Work = works[name];
      const before = { cpu: cpuOf(server.pid), kernel: kernelCpuOf(server.pid) };
      const { serverCpu: cpu } = await measure({
        url: server.url,
        connections: CONNECTIONS,
        seconds,
        statuses: work.statuses,
        requestsOf: (connection) => requestsOf(work, fixture, connection, CONNECTIONS),
        serverPid: server.pid,
        databasePid: database.pid,
      });
      const kernelShare =
        (kernelCpuOf(server.pid) - before.kernel) / (cpuOf(server.pid) - before.cpu);
      if (work.writes) await cleanUp(databaseUrl);
      return { cpu, kernel: cpu * kernelShare };
    };
    process.stdout.write(`Profiling ${works[name].title} …\n`);
    await run(SECONDS);
    // The profiler costs time itself. So the figures are shares of the CPU time without it.
    const { cpu, kernel } = await run(SECONDS);
    await request(server.child, 'start');
    await run(SECONDS);
    const times = scale(selfTimes(await request(server.child, 'stop')), cpu);
    columns.push({ times, kernel });
  }
  process.stdout.write(`\nCPU time per request in µs:\n${profileTable(columns)}\n`);
}

/** Sends a request to the profiler in a process, and waits for its response. */
async function request(child: ChildProcess, action: 'start' | 'stop'): Promise<Profiler.Profile> {
  child.send({ profile: action });
  const [response] = (await once(child, 'message')) as [Profiler.Profile];
  return response;
}

/** Scales times so that their sum is `total`. */
function scale(times: ReadonlyMap<string, number>, total: number): Map<string, number> {
  const sum = [...times.values()].reduce((one, other) => one + other, 0);
  return new Map([...times].map(([origin, time]) => [origin, (time / sum) * total]));
}

function profileTable(columns: readonly Column[]): string {
  const largest = new Map<string, number>();
  for (const [origin, time] of columns.flatMap(({ times }) => [...times]))
    largest.set(origin, Math.max(time, largest.get(origin) ?? 0));
  const shown = [...largest]
    .filter(([, time]) => time >= MIN_MICROSECONDS)
    .toSorted(([, one], [, other]) => other - one)
    .map(([origin]) => origin);
  const row = (title: string, figure: (column: Column) => number) => [
    title,
    ...columns.map((column) => figure(column).toFixed(1)),
  ];
  const sum = ({ times }: Column, counts: (origin: string) => boolean) =>
    [...times].reduce((total, [origin, time]) => total + (counts(origin) ? time : 0), 0);
  return table(
    ['origin', ...PROFILED.map((name) => works[name].title)],
    [
      ...shown.map((origin) => row(origin, ({ times }) => times.get(origin) ?? 0)),
      row('others', (column) => sum(column, (origin) => !shown.includes(origin))),
      row('total', (column) => sum(column, () => true)),
      row('in the kernel', ({ kernel }) => kernel),
      [
        `${PROTECTION} / total`,
        ...columns.map((column) => {
          const share = (column.times.get(PROTECTION) ?? 0) / sum(column, () => true);
          return `${(100 * share).toFixed(1)} %`;
        }),
      ],
    ],
  );
}
