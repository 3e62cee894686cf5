import { ConfigError } from '../../src/errors/config-error.ts';
import { type ServerName, servers } from './servers.ts';
import { type WorkName, works } from './works.ts';

/** What is measured for each server in each round, in this order. */
export interface Step {
  readonly work: WorkName;
  readonly connections: number;
}

export interface Plan {
  readonly quick: boolean;
  readonly servers: readonly ServerName[];
  readonly steps: readonly Step[];
  readonly rounds: number;
  /** How often a server is started to measure its start time. */
  readonly starts: number;
  /** Duration of a measurement. */
  readonly seconds: number;
  /** Duration of the mix in the warm-up of a server, and of each work after it. */
  readonly warmUpSeconds: { readonly mix: number; readonly work: number };
}

/** The number of connections whose ratios are compared with the targets. */
export const CONNECTIONS = 32;
const BASIC: readonly WorkName[] = ['get', 'list', 'create', 'complete'];

const namesOf = <Name extends string>(named: Record<Name, unknown>) => Object.keys(named) as Name[];

/**
 * Reads the plan from the variables of `make bench`.
 *
 * @throws {ConfigError} if one of them has an invalid value
 */
export function readPlan({ quick, rounds, servers: chosen, works: work }: NodeJS.ProcessEnv): Plan {
  const isQuick = quick !== undefined && quick !== '0';
  const chosenWorks = choose('works', work, namesOf(works), isQuick ? BASIC : namesOf(works));
  const others = chosenWorks.filter((name) => name === 'mix' || BASIC.includes(name));
  const steps = chosenWorks.map((name) => ({ work: name, connections: CONNECTIONS }));
  for (const connections of isQuick ? [] : [4, 1000])
    steps.push(...others.map((name) => ({ work: name, connections })));
  const count = Number(rounds ?? (isQuick ? 3 : 5));
  if (!Number.isInteger(count) || count < 1)
    throw new ConfigError(`rounds=${String(rounds)}: expected a positive integer`);
  return {
    quick: isQuick,
    servers: choose('servers', chosen, namesOf(servers), namesOf(servers)),
    steps,
    rounds: count,
    starts: isQuick ? 1 : 5,
    seconds: isQuick ? 0.8 : 2,
    warmUpSeconds: isQuick ? { mix: 5, work: 0.4 } : { mix: 10, work: 1 },
  };
}

function choose<Name extends string>(
  variable: string,
  value: string | undefined,
  all: readonly Name[],
  standard: readonly Name[],
): readonly Name[] {
  if (value === undefined || value === '') return standard;
  const wanted = value.split(',');
  const unknown = wanted.find((name) => !all.includes(name as Name));
  if (unknown !== undefined)
    throw new ConfigError(`${variable}=${unknown}: expected some of ${all.join(',')}`);
  return all.filter((name) => wanted.includes(name));
}
