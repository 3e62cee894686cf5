import type { Measurement } from './load.ts';
import type { ServerName } from './servers.ts';
import { type Spread, spreadOf } from './statistics.ts';
import type { WorkName } from './works.ts';

/** A measurement of one round. */
export interface Sample extends Measurement {
  readonly server: ServerName;
  readonly work: WorkName;
  readonly connections: number;
  readonly round: number;
}

interface ServerResult {
  readonly title: string;
  /** From the start of the process to the first response, in ms. */
  readonly startMs: readonly number[];
  /** Resident memory at the end, in bytes. */
  readonly memory: number;
}

export interface Results {
  readonly servers: ReadonlyMap<ServerName, ServerResult>;
  /** Why servers were not measured. */
  readonly omitted: ReadonlyMap<ServerName, string>;
  readonly samples: readonly Sample[];
}

type Figure = keyof Measurement;
export type Case = Pick<Sample, 'server' | 'work' | 'connections'>;

/** A figure over all rounds; undefined if it was not measured. */
export function figureOf(samples: readonly Sample[], of: Case, figure: Figure): Spread | undefined {
  const found = samplesOf(samples, of).map((sample) => sample[figure]);
  return found.length === 0 ? undefined : spreadOf(found);
}

/**
 * The ratio of a figure in one case to that in another, for each round, over all rounds. Measurements of the same round were
 * made in the same minute, under the same conditions of the machine.
 *
 * @returns undefined if they were not measured
 */
export function ratioOf(
  samples: readonly Sample[],
  one: Case,
  other: Case,
  figure: Figure,
): Spread | undefined {
  const others = new Map(samplesOf(samples, other).map((sample) => [sample.round, sample[figure]]));
  const ratios = samplesOf(samples, one).flatMap((sample) => {
    const divisor = others.get(sample.round);
    return divisor === undefined ? [] : [sample[figure] / divisor];
  });
  return ratios.length === 0 ? undefined : spreadOf(ratios);
}

function samplesOf(samples: readonly Sample[], { server, work, connections }: Case): Sample[] {
  return samples.filter(
    (sample) =>
      sample.server === server && sample.work === work && sample.connections === connections,
  );
}
