import { setTimeout as sleep } from 'node:timers/promises';
import { untilGivenUp } from '../../deadlines/request-deadline.ts';
import { Problem } from '../../errors/problem.ts';
import type { Logger } from '../../telemetry/log.ts';
import type { Database } from '../database.ts';
import type { DatabaseUse } from '../execution/lane.ts';
import { createReplicaLag } from './lag.ts';
import {
  mismatchOf,
  type PrimaryPosition,
  primaryPosition,
  replicaPosition,
} from './log-position.ts';
import type { Writes } from './writes.ts';

const INTERVAL_MS = 250;
const TIMEOUT_MS = 1000;
const CLOSE_TIMEOUT_MS = 2000;
const NO_USE: DatabaseUse = { connections: 0, running: 0, waiting: 0 };

/** What is known about a replica. */
export interface Replica {
  /** The replica, if it can be used now. */
  current(): Database | undefined;
  /** Up to where it has replayed the log of the primary. */
  replayed(): number;
  /** Stops using it until the next check. */
  suspend(error: unknown): void;
  use(): DatabaseUse;
  close(): Promise<void>;
}

interface Options {
  readonly primary: Database;
  /** The last known position of the primary. */
  readonly position: PrimaryPosition;
  /** The replica, if it is open already. */
  readonly database: Database | undefined;
  /** Opens the replica. */
  readonly open: () => Promise<Database>;
  readonly writes: Writes;
  /** How far a replica that is used may lag, in seconds. */
  readonly maxLag: number;
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

/**
 * Reads the positions of the primary and the replica, now and then four times a second. The replica is used while it responds, is
 * a replica of the primary, and does not lag too far.
 */
export async function followReplica(options: Options): Promise<Replica> {
  const { primary, open, writes, maxLag, log } = options;
  const lag = createReplicaLag(maxLag * 1000);
  let { position, database } = options;
  let replayed = 0;
  /** The position that includes the writes of earlier processes and migrations, and what a replica had shown before it crashed. */
  let required = position.inserted;
  let isUsable = false;
  let isClosed = false;
  /** Why the replica was not used at the last check; null before the first. */
  let reported: string | undefined | null = null;

  const report = (reason: string | undefined) => {
    isUsable = reason === undefined;
    if (reason === reported) return;
    reported = reason;
    if (isUsable) log.info('reading from the replica');
    else log.warn({ reason }, 'reading from the primary');
  };
  const suspend = (error: unknown) => {
    report(reasonOf(error));
  };
  const isStale = () => lag.isStale(performance.now());

  const checkPrimary = async () => {
    const time = performance.now();
    await writes.locate(async () => {
      position = await untilGivenUp(primary.one(primaryPosition), TIMEOUT_MS);
      lag.addPrimary(time, position.flushed);
      return position.inserted;
    });
    // Also while the replica is down: once it is used again, it has replayed them.
    writes.removeUntil(lag.required());
  };
  const checkReplica = async () => {
    database ??= await open();
    if (isClosed) {
      await database.close();
      return;
    }
    const found = await untilGivenUp(database.one(replicaPosition), TIMEOUT_MS);
    const mismatch = mismatchOf(found, position);
    if (mismatch !== undefined) throw new Error(`DATABASE_READ_URL: ${mismatch}`);
    if (found.timeline !== position.timeline)
      throw new Error('the replica has not followed the primary through a failover yet');
    replayed = found.replayed ?? 0;
    if (replayed < required) throw new Error('the replica is catching up');
    required = replayed;
    lag.setReplayed(replayed);
    writes.removeUntil(replayed);
    if (isStale()) throw new Error(`the replica lags more than ${maxLag} s`);
  };
  const check = async () => {
    // While the primary is down, the replica is used until it lags too far.
    await checkPrimary().catch(() => undefined);
    await checkReplica().then(() => {
      report(undefined);
    }, suspend);
  };

  let timer: NodeJS.Timeout | undefined;
  let checking = Promise.resolve();
  const repeat = () => {
    checking = check().then(() => {
      if (!isClosed) timer = setTimeout(repeat, INTERVAL_MS).unref();
    });
  };
  repeat();
  await checking;
  return {
    current: () => (isUsable && !isStale() ? database : undefined),
    replayed: () => replayed,
    suspend,
    use: () => database?.use() ?? NO_USE,
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      // The connection may be waiting for a host that does not respond.
      await Promise.race([checking, sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
      await database?.close();
    },
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof Problem && error.cause !== undefined) return reasonOf(error.cause);
  return error instanceof Error ? error.message : String(error);
}
