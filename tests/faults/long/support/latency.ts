import { percentile } from '../../../../bench/support/statistics.ts';
import type { Sent } from './load.ts';

/** Formats the 99th percentile of the latency, and the rate of success. */
export const p99 = (sent: readonly Sent[]) =>
  percentile(
    sent.map(({ ms }) => ms).toSorted((one, other) => one - other),
    0.99,
  );
