interface Sample {
  readonly time: number;
  readonly flushed: number;
}

/** Measures the lag of a replica. All times are in milliseconds. */
export interface ReplicaLag {
  /** Adds a position of the primary, which was read after a time. */
  addPrimary(time: number, flushed: number): void;
  /** Sets the position up to which the replica has replayed the log. */
  setReplayed(position: number): void;
  /** Whether the replica may lack data that was committed longer ago than the maximum lag. */
  isStale(now: number): boolean;
  /** The position that the replica has replayed whenever it is not stale. */
  required(): number;
}

export function createReplicaLag(maxLagMs: number): ReplicaLag {
  /** The samples that the replica has not replayed. */
  let samples: Sample[] = [];
  /** The time up to which the replica has all data. */
  let until = -Infinity;
  let required = 0;
  return {
    addPrimary(time, flushed) {
      samples.push({ time, flushed });
      const kept = samples.filter((sample) => time - sample.time <= maxLagMs);
      required = samples[samples.length - kept.length - 1]?.flushed ?? required;
      samples = kept;
    },
    setReplayed(position) {
      const replayed = samples.findLast(({ flushed }) => flushed <= position);
      if (!replayed) return;
      until = replayed.time;
      samples = samples.filter(({ time }) => time > until);
    },
    isStale: (now) => now - until > maxLagMs,
    required: () => required,
  };
}
