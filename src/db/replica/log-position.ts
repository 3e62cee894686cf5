import { sql } from 'slonik';
import { z } from 'zod';

// Positions of the write-ahead log are numbers of bytes since its start.

/** Identifies a server together with its replicas, the database, and the timeline, which a failover changes. */
const origin = z.object({ system: z.string(), database: z.string(), timeline: z.int() });
const primaryRow = origin.extend({
  /** The end of the log. What is committed is before it. */
  inserted: z.number(),
  /** The position up to which replicas can have received the log. */
  flushed: z.number(),
  is_citus: z.boolean(),
});
const replicaRow = origin.extend({
  /** The position up to which the replica has replayed the log; null if it is not a replica. */
  replayed: z.number().nullable(),
});

export type PrimaryPosition = z.infer<typeof primaryRow>;
export type ReplicaPosition = z.infer<typeof replicaRow>;

const identity = sql.fragment`
  (select system_identifier::text from pg_control_system()) as system,
  (select oid::text from pg_database where datname = current_database()) as database`;

/** Fails on a replica. */
export const primaryPosition = sql.prepared('primary_position', primaryRow)`
  select ${identity},
    ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::integer as timeline,
    (pg_current_wal_insert_lsn() - '0/0')::double precision as inserted,
    (pg_current_wal_flush_lsn() - '0/0')::double precision as flushed,
    to_regclass('pg_catalog.pg_dist_node') is not null as is_citus`;

/** After a failover, the timeline is the earlier one until the next restartpoint. */
export const replicaPosition = sql.prepared('replica_position', replicaRow)`
  select ${identity},
    (select timeline_id from pg_control_checkpoint()) as timeline,
    case when pg_is_in_recovery() then pg_last_wal_replay_lsn() - '0/0' end::double precision as replayed`;

/** The reason why a database is not a replica of the primary; undefined if it is one. */
export function mismatchOf(replica: ReplicaPosition, primary: PrimaryPosition): string | undefined {
  if (replica.system !== primary.system)
    return 'is not a replica of the server of DATABASE_URL, but another server';
  if (replica.database !== primary.database)
    return 'is not the database of DATABASE_URL, but another database of its server';
  if (replica.replayed === null) return 'is a primary server; set the URL of a streaming replica';
  return undefined;
}
