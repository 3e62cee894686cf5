import { describeMachine } from './machine.ts';
import { table } from './markdown.ts';
import { CONNECTIONS, type Plan, type Step } from './plan.ts';
import { figureOf, ratioOf, type Results } from './results.ts';
import { type ServerName, servers } from './servers.ts';
import { spreadOf, type Spread } from './statistics.ts';
import { isMet, type Target, targetsOf } from './targets.ts';
import { BASIC, type Work, type WorkName, works } from './works.ts';

const ABSENT = '–';

/**
 * Describes results as a Markdown document.
 *
 * @param versions of the programs, such as `PostgreSQL 18.4`
 */
export function reportOf(results: Results, plan: Plan, versions: readonly string[]): string {
  return [
    '# Benchmark',
    describeMachine(versions),
    serverList(results),
    `Each server has 10 database connections and a database of its own with the same data: 10,000 tasks of the user whose token the requests have, beside 10,000 of 100 other users. The requests come from autocannon over keep-alive connections, each of which sends its next request when it has received a response. In each round, each work is measured on one server after the other. Rounds: ${plan.rounds}; seconds per measurement: ${plan.seconds}. CPU time is that of all processes of the server, or of PostgreSQL, per request. Each figure is the median of the rounds, followed by the smallest and the largest in parentheses.`,
    '## Targets',
    targetTable(results),
    '`make bench-scale` measures large databases.',
    '## Ratios',
    `This service divided by each peer, ${CONNECTIONS} connections. Below 1, this service needs less.`,
    '### Server CPU per request',
    ratioTable(results, plan, 'serverCpu'),
    '### PostgreSQL CPU per request',
    ratioTable(results, { ...plan, steps: plan.steps.filter(usesDatabase) }, 'databaseCpu'),
    '## Measurements',
    ...plan.steps.flatMap(({ work, connections }) => [
      `### ${works[work].title}, ${connections} connections`,
      measurementTable(results, work, connections),
    ]),
    '## Start and memory',
    serverTable(results),
  ].join('\n\n');
}

function serverList({ servers: measured, omitted }: Results): string {
  return [
    ...[...measured.keys()].map((name) => `- ${servers[name].title}: ${servers[name].description}`),
    ...[...omitted].map(([name, reason]) => `- ${servers[name].title}: left out, ${reason}`),
  ].join('\n');
}

function usesDatabase({ work }: Step): boolean {
  const { withoutDatabase }: Work = works[work];
  return !withoutDatabase;
}

/** The targets and whether they are met; targets that were not measured are omitted. */
export function targetTable(results: Results): string {
  const targets = targetsOf(results).filter(({ measured }) => measured);
  return table(
    ['what', 'target', 'measured', 'met'],
    targets.map((target) => [
      target.what,
      `≤ ${formatOf(target)(target.limit)}${suffix(target.unit)}`,
      target.measured ? spread(target.measured, formatOf(target), target.unit) : ABSENT,
      isMet(target) ? 'yes' : '**no**',
    ]),
  );
}

const integer = (value: number) => value.toFixed(0);
const ratio = (value: number) => value.toFixed(value < 0.2 ? 3 : 2);
const formatOf = ({ unit }: Target) => (unit === '' ? ratio : integer);
const suffix = (unit: string) => unit && ` ${unit}`;

/** Such as `812 ms (790–850)`. */
function spread(
  { median, min, max }: Spread,
  format: (value: number) => string,
  unit = '',
): string {
  const range = min === max ? '' : ` (${format(min)}–${format(max)})`;
  return `${format(median)}${suffix(unit)}${range}`;
}

/** The ratios of the service to each peer, by work. */
function ratioTable(
  { samples, servers: measured }: Results,
  { steps }: Plan,
  figure: 'serverCpu' | 'databaseCpu',
): string {
  const own: readonly ServerName[] = ['service', 'workers'];
  const peers = [...measured.keys()].filter((name) => !own.includes(name));
  const rows = steps.filter((step) => step.connections === CONNECTIONS);
  return table(
    ['work', ...peers.map((name) => servers[name].title)],
    rows.map(({ work, connections }) => [
      works[work].title,
      ...peers.map((server) => {
        const service = { server: 'service', work, connections } as const;
        const found = ratioOf(samples, service, { ...service, server }, figure);
        return found ? spread(found, ratio) : ABSENT;
      }),
    ]),
  );
}

/** The CPU time of each server and of PostgreSQL per request, by work: such as `157 + 37`. */
export function cpuTable({ samples, servers: measured }: Results): string {
  const cell = (server: ServerName, work: WorkName) => {
    const medians = (['serverCpu', 'databaseCpu'] as const).map((figure) =>
      figureOf(samples, { server, work, connections: CONNECTIONS }, figure)?.median.toFixed(0),
    );
    return medians.includes(undefined) ? ABSENT : medians.join(' + ');
  };
  return table(
    ['server', ...BASIC.map((work) => works[work].title)],
    [...measured].map(([name, { title }]) => [title, ...BASIC.map((work) => cell(name, work))]),
  );
}

/** The measurements of one work with a number of connections. */
export function measurementTable(
  { samples, servers: measured }: Results,
  work: keyof typeof works,
  connections: number,
): string {
  const figures = [
    ['requestsPerSecond', 0],
    ['p50', 1],
    ['p99', 1],
    ['errors', 0],
    ['serverCpu', 0],
    ['databaseCpu', 0],
  ] as const;
  const row = (server: ServerName) =>
    figures.map(([figure, digits]) => {
      const found = figureOf(samples, { server, work, connections }, figure);
      if (!found) return ABSENT;
      return (figure === 'errors' ? found.max : found.median).toFixed(digits);
    });
  return table(
    ['server', 'requests/s', 'p50 ms', 'p99 ms', 'errors', 'server CPU µs', 'PostgreSQL CPU µs'],
    [...measured].map(([name, { title }]) => [title, ...row(name)]),
  );
}

function serverTable({ servers: measured }: Results): string {
  return table(
    ['server', 'start to first response', 'resident memory at the end'],
    [...measured.values()].map(({ title, startMs, memory }) => [
      title,
      spread(spreadOf(startMs), integer, 'ms'),
      `${(memory / 1_000_000).toFixed(0)} MB`,
    ]),
  );
}
