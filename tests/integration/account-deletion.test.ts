import { randomUUID } from 'node:crypto';
import type { Client as Connection } from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  connect,
  createClient as createConnection,
  disconnect,
} from '../../src/db/connection/client.ts';
import { connectionOptions } from '../../src/db/connection/connection-options.ts';
import { citusUrl } from '../support/citus.ts';
import { createClient, type Client, type ApiResponse } from '../support/client.ts';
import { useService } from '../support/service.ts';
import { tokenOf } from '../support/tokens.ts';

const ROUNDS = 20;
const AT_ONCE = 8;

const service = useService();
/** Its connections are not shared, so that a statement waits for a lock for three seconds. */
const patient = useService({ DATABASE_PREPARED_STATEMENTS: 'off' });
let user: string;
let client: Client;

beforeEach(async () => {
  user = `user-${randomUUID()}`;
  client = createClient(service.url, await tokenOf(user));
});

const create = (key?: string) =>
  client.post(
    '/api/tasks',
    { title: 'Buy milk' },
    { headers: key === undefined ? {} : { 'Idempotency-Key': key } },
  );
const remove = () => client.delete('/api/me');

/**
 * Variants of a creation, with the last row that its statement writes. Either order of the two requests is right. It follows from
 * their locks: a creation locks the user when it checks the foreign keys, so `inOverlap` is how many tasks there are after a
 * deletion that began between the rows and this check, and `afterOverlap` after a creation that began within a deletion. The
 * repetition of a key stores no task, so it comes before the deletion.
 */
const creations = [
  {
    name: 'without keys',
    keyOf: () => undefined,
    event: 'insert on tasks',
    inOverlap: 1,
    afterOverlap: 1,
  },
  {
    name: 'with new keys',
    keyOf: (turn: number) => `key-${turn}`,
    event: 'insert on tasks',
    inOverlap: 0,
    afterOverlap: 0,
  },
  {
    name: 'that are repeated',
    keyOf: () => 'a-key',
    event: 'update on idempotency_keys',
    inOverlap: 0,
    afterOverlap: 0,
  },
];

describe.each(creations)('task creations $name', ({ keyOf, event, inOverlap, afterOverlap }) => {
  test('succeed during repeated deletions of the user', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const turns = Array.from({ length: AT_ONCE }, (_, turn) =>
        turn % 2 === 0 ? create(keyOf(round * AT_ONCE + turn)) : remove(),
      );
      expectDone(await Promise.all(turns));
    }
    expectDone([await remove()]);
    expect((await client.list()).body.items).toEqual([]);
  });

  // Citus has no triggers on distributed tables.
  const testOverlap = test.skipIf(citusUrl !== undefined);

  testOverlap('succeed when a deletion overlaps', async () => {
    client = createClient(patient.url, await tokenOf(user));
    expectDone([await create(keyOf(0))]);
    expectDone(await overlap(event, () => create(keyOf(1)), remove));
    expect((await client.list()).body.items).toHaveLength(inOverlap);
  });

  testOverlap('succeed when they overlap a deletion', async () => {
    client = createClient(patient.url, await tokenOf(user));
    expectDone([await create(keyOf(0))]);
    expectDone(await overlap('delete on users', remove, () => create(keyOf(0))));
    expect((await client.list()).body.items).toHaveLength(afterOverlap);
  });
});

function expectDone(responses: readonly ApiResponse[]): void {
  for (const { status, text } of responses) expect([201, 204], text).toContain(status);
}

/**
 * Sends the second request while the first one is blocked after writing its rows and before checking the foreign keys:
 * triggers fire in the order of their names, and those of foreign keys begin with "RI".
 */
async function overlap(
  event: string,
  first: () => Promise<ApiResponse>,
  second: () => Promise<ApiResponse>,
): Promise<ApiResponse[]> {
  const connection = createConnection(await connectionOptions(patient.databaseUrl));
  await connect(connection);
  try {
    await connection.query(`
      create function stop() returns trigger language plpgsql as
        $$ begin perform pg_advisory_xact_lock_shared(1); return null; end $$;
      create trigger "A stop" after ${event} for each row execute function stop()`);
    await connection.query('select pg_advisory_lock(1)');
    const responses = [first()];
    await expect.poll(() => countWaiting(connection)).toBe(1);
    let finished = false;
    responses.push(second().finally(() => (finished = true)));
    // The second request waits for the first, or is already finished.
    await expect.poll(async () => finished || (await countWaiting(connection)) === 2).toBe(true);
    await connection.query('select pg_advisory_unlock(1)');
    return await Promise.all(responses);
  } finally {
    await connection.query('select pg_advisory_unlock_all(); drop function stop cascade');
    await disconnect(connection);
  }
}

/** Counts the statements of the service that wait for a lock. */
async function countWaiting(connection: Connection): Promise<number> {
  const { rowCount } = await connection.query(
    `select from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rowCount ?? 0;
}
