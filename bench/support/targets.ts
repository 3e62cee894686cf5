import { CONNECTIONS } from './plan.ts';
import { type Case, ratioOf, type Results } from './results.ts';
import type { ServerName } from './servers.ts';
import { type Spread, spreadOf } from './statistics.ts';
import { BASIC, type WorkName, works } from './works.ts';

export interface Target {
  readonly what: string;
  /** The largest value that meets the target. */
  readonly limit: number;
  /** undefined if it was not measured. */
  readonly measured: Spread | undefined;
  readonly unit: '' | 'ms' | 'MB';
}

const MEGABYTE = 1_000_000;
const of = (server: ServerName, work: WorkName): Case => ({
  server,
  work,
  connections: CONNECTIONS,
});

/** Compares results with the targets. A target is met if the median is not larger than the limit. */
export function targetsOf({ samples, servers }: Results): Target[] {
  const ratio = (
    what: string,
    limit: number,
    one: Case,
    other: Case,
    figure: 'serverCpu' | 'databaseCpu' = 'serverCpu',
  ): Target => ({
    what: `${what}: ${works[one.work].title}`,
    limit,
    measured: ratioOf(samples, one, other, figure),
    unit: '',
  });
  const against = (
    what: string,
    peer: ServerName,
    limits: Record<(typeof BASIC)[number], number>,
  ) => BASIC.map((work) => ratio(what, limits[work], of('service', work), of(peer, work)));
  const all = (limit: number) => ({ get: limit, list: limit, create: limit, complete: limit });
  const own = servers.get('service');

  return [
    ...against('server CPU / Fastify, same job', 'fastify-full', all(0.9)),
    ...against('server CPU / Fastify, bare', 'fastify-bare', {
      get: 1.8,
      list: 1.3,
      create: 1.5,
      complete: 1.4,
    }),
    ...against('server CPU / FastAPI', 'fastapi', all(1 / 12)),
    ...BASIC.map((work) =>
      ratio(
        'PostgreSQL CPU / node:http',
        1.1,
        of('service', work),
        of('node-http', work),
        'databaseCpu',
      ),
    ),
    ...(['refused', 'unknown', 'invalid', 'unchanged'] as const).map((work) =>
      ratio('server CPU / get', 0.5, of('service', work), of('service', 'get')),
    ),
    ...BASIC.map((work) =>
      ratio('server CPU, WORKERS=2 / one process', 1.05, of('workers', work), of('service', work)),
    ),
    ...(['serverCpu', 'databaseCpu'] as const).flatMap((figure) =>
      BASIC.map((work) =>
        ratio(
          `${figure === 'serverCpu' ? 'server' : 'PostgreSQL'} CPU, row-level security / without`,
          1.1,
          of('row-security', work),
          of('service', work),
          figure,
        ),
      ),
    ),
    {
      what: 'start to first response on an existing database',
      limit: 800,
      measured: own && spreadOf(own.startMs),
      unit: 'ms',
    },
    {
      what: 'resident memory after the benchmark',
      limit: 200,
      measured: own && spreadOf([own.memory / MEGABYTE]),
      unit: 'MB',
    },
  ];
}

export const isMet = ({ measured, limit }: Target) =>
  measured && Number(measured.median.toFixed(3)) <= Number(limit.toFixed(3));
