import { ConfigError } from '../../src/errors/config-error.ts';
import { type ServerName, servers } from './servers.ts';
import { BASIC, type WorkName, works } from './works.ts';

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
const ALL_CONNECTIONS = [CONNECTIONS, 4, 1000];
/** What a measurement takes in addition: opening the connections, and cleaning up. */
const OVERHEAD_SECONDS = 0.9;
/** What a start takes, until the slower servers respond. */
const START_SECONDS = 1.5;

const namesOf = <Name extends string>(named: Record<Name, unknown>) => Object.keys(named) as Name[];

/**
 * Reads the plan from the variables of `make bench`.
 *
 * @throws {ConfigError} if one of them has an invalid value
 */
export function readPlan({
  quick,
  rounds,
  seconds,
  connections,
  servers: chosen,
  works: work,
}: NodeJS.ProcessEnv): Plan {
  const isQuick = quick !== undefined && quick !== '0';
  const chosenWorks = choose('works', work, namesOf(works), isQuick ? BASIC : namesOf(works));
  const standard = isQuick ? [CONNECTIONS] : ALL_CONNECTIONS;
  const counts = choose(
    'connections',
    connections,
    ALL_CONNECTIONS.map(String),
    standard.map(String),
  );
  const steps = counts.map(Number).flatMap((count) =>
    chosenWorks
      // The other works are compared at one number of connections.
      .filter(
        (name) => count === CONNECTIONS || name === 'mix' || BASIC.some((basic) => basic === name),
      )
      .map((name) => ({ work: name, connections: count })),
  );
  return {
    quick: isQuick,
    servers: choose('servers', chosen, namesOf(servers), namesOf(servers)),
    steps,
    rounds: positive('rounds', rounds ?? (isQuick ? 2 : 5), Number.isInteger),
    starts: isQuick ? 1 : 5,
    seconds: positive('seconds', seconds ?? (isQuick ? 0.8 : 2), Number.isFinite),
    warmUpSeconds: isQuick ? { mix: 3, work: 0.4 } : { mix: 10, work: 1 },
  };
}

/** How long a plan takes, in minutes, if all servers can run. */
export function minutesOf({ servers: names, steps, ...plan }: Plan): number {
  const measured = steps.length * plan.rounds * (plan.seconds + OVERHEAD_SECONDS);
  const warmUp =
    plan.warmUpSeconds.mix + steps.length * (plan.warmUpSeconds.work + OVERHEAD_SECONDS);
  return (names.length * (plan.starts * START_SECONDS + warmUp + measured)) / 60;
}

function positive(
  variable: string,
  value: string | number,
  isSupported: (number: number) => boolean,
): number {
  const number = Number(value);
  if (!isSupported(number) || number <= 0)
    throw new ConfigError(`${variable}=${value}: expected a positive number`);
  return number;
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
