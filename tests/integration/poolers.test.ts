import { sql } from 'slonik';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { migrate } from '../../src/db/migrate.ts';
import { openDatabase } from '../../src/db/database.ts';
import { connectionOptions } from '../../src/db/connection/connection-options.ts';
import { probeServer } from '../../src/db/connection/pooler.ts';
import { pollRevocations } from '../../src/revocations/poll-revocations.ts';
import { createRevocations } from '../../src/revocations/revocations.ts';
import { revokeTokens } from '../../src/revocations/statements.ts';
import type { Caller } from '../../src/auth/caller.ts';
import { createTestDatabase } from '../support/database.ts';
import { pgbouncerName, pgbouncerVersion, startPgBouncer } from '../support/pgbouncer.ts';

const POOL_SIZE = 4;
/** Few enough that no statement exceeds the wait timeout. */
const COUNT = 40;
const number = z.object({ n: z.number() });
const named = (n: number) =>
  sql.prepared('named', number)`select ${n}::int4 as n from pg_sleep(0.002)`;
// PgBouncer gives the statements names of its own.
const prepared = sql.type(number)`
  select count(*)::int4 as n from pg_prepared_statements where statement like '%pg_sleep(0.002)%'`;

type Settings = Partial<Parameters<typeof openDatabase>[0]>;

/** Runs statements concurrently, and returns how many succeeded, whether they were prepared, and the warnings. */
async function run(url: string, settings: Settings = {}) {
  const warnings: unknown[] = [];
  const log = { warn: (line: unknown) => void warnings.push(line) };
  const database = await openDatabase({ url, poolSize: POOL_SIZE, log, ...settings });
  onTestFinished(() => database.close());
  const results = await Promise.allSettled(
    Array.from({ length: COUNT }, (_, n) => database.one(named(n))),
  );
  return {
    succeeded: results.filter(({ status }) => status === 'fulfilled').length,
    prepared: (await database.one(prepared)).n === 1,
    warnings,
  };
}

async function databaseForTest() {
  const database = await createTestDatabase({ empty: true });
  onTestFinished(() => database.drop());
  return database.url;
}

async function poolerForTest(mode: 'transaction' | 'session', ignoredParameters = '') {
  const pooler = await startPgBouncer(await databaseForTest(), POOL_SIZE, mode, ignoredParameters);
  onTestFinished(() => pooler.stop());
  await migrate(pooler.url, { info: () => undefined });
  return pooler.url;
}

test('without a pooler, statements are prepared', async () => {
  const url = await databaseForTest();
  expect(await run(url)).toEqual({ succeeded: COUNT, prepared: true, warnings: [] });
  const off = { succeeded: COUNT, prepared: false, warnings: [] };
  expect(await run(url, { preparedStatements: 'off' })).toEqual(off);
  expect(await run(`${url}?pgbouncer=true`)).toEqual(off);
});

const timeoutsOf = async (url: string) =>
  (await probeServer(await connectionOptions(url))).timeouts;

test('without a pooler, timeouts are enforced, unless the URL has other ones', async () => {
  const url = await databaseForTest();
  expect(await timeoutsOf(url)).toBe('enforced');
  expect(await timeoutsOf(`${url}?options=-c%20statement_timeout%3D60000`)).toBe('ignored');
});

describe.skipIf(pgbouncerVersion === null)(pgbouncerName, () => {
  test('in transaction mode', async () => {
    const url = await poolerForTest('transaction');
    const off = { succeeded: COUNT, prepared: false };
    expect(await run(`${url}?pgbouncer=true`)).toEqual({ ...off, warnings: [] });
    expect(await run(url, { preparedStatements: 'off' })).toEqual({ ...off, warnings: [] });
    // Before version 1.21, PgBouncer does not support prepared statements.
    const noticed = await run(url);
    expect(noticed.succeeded).toBe(COUNT);
    expect(noticed.warnings).toEqual(
      noticed.prepared ? [] : [expect.stringMatching(/^DATABASE_URL: .*; add pgbouncer=true/)],
    );
    const [, minor = 0] = (pgbouncerVersion ?? '').split('.').map(Number);
    expect(noticed.prepared).toBe(minor >= 21);
  });

  test('in session mode', async () => {
    const url = await poolerForTest('session');
    expect(await run(url)).toEqual({ succeeded: COUNT, prepared: true, warnings: [] });
  });

  test('timeouts are refused or ignored', async () => {
    expect(await timeoutsOf(await poolerForTest('transaction'))).toBe('refused');
    const url = await poolerForTest('session', 'options');
    expect(await timeoutsOf(url)).toBe('ignored');
  });

  test('processes follow the revocations of each other in transaction mode', async () => {
    const url = await poolerForTest('transaction');
    const log = { info: vi.fn(), warn: vi.fn() };
    const open = () => openDatabase({ url: `${url}?pgbouncer=true`, poolSize: POOL_SIZE });
    const [one, other] = await Promise.all([open(), open()]);
    for (const database of [one, other]) onTestFinished(() => database.close());
    const caller = {
      id: 'alice',
      email: null,
      name: null,
      issuedAt: Math.floor(Date.now() / 1000),
    } as Caller;
    const revocations = createRevocations();
    onTestFinished(await pollRevocations(other, revocations, 3600, log));
    expect(revocations.isRevoked(caller)).toBe(false);
    await one.one(revokeTokens(caller));
    await expect.poll(() => revocations.isRevoked(caller), { timeout: 5000 }).toBe(true);
    expect(log.warn).not.toHaveBeenCalled();
  });
});
