import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { pgbouncerVersion, startPgBouncer } from '../../support/pgbouncer.ts';
import { startProxy, type Proxy } from '../../support/proxy.ts';
import { startTemporaryPostgres } from '../../support/temporary-postgres.ts';
import { tokenOf } from '../../support/tokens.ts';
import { databaseFaults, type Server } from './support/database-faults.ts';
import { createLedger } from './support/ledger.ts';
import { startReplica } from './support/replicas.ts';
import { progress, record } from './support/report.ts';
import { isLong, selectedFault, sizeOf } from './support/size.ts';

const WRITES = sizeOf('writes', { long: 10_000, short: 400 });
const HOLD_MS = isLong ? 6_000 : 300;
/** Part of the description of those that are provoked. */
const FAULT = selectedFault();
/** How often a fault is provoked while its writes are made. */
const TIMES = isLong ? 3 : 1;

const running: { stop(): Promise<void> }[] = [];
let server: Server;
let proxy: Proxy;
/** The services: connected to PostgreSQL, and through PgBouncer. */
let direct: string;
let pooled: string | undefined;

const started = async <Part extends { stop(): Promise<void> }>(starting: Promise<Part>) => {
  const part = await starting;
  running.unshift(part);
  return part;
};

beforeAll(async () => {
  server = await started(isLong ? startTemporaryPostgres() : sharedPostgres());
  proxy = await startProxy(server.url);
  running.unshift({ stop: () => proxy.down() });
  direct = await startService(proxy.url);
});
afterAll(async () => {
  for (const part of running) await part.stop();
});

/** Not before it is needed: PgBouncer 1.18 ends when the faults of the others last. */
async function startPooledService(): Promise<string> {
  const pooler = await started(startPgBouncer(proxy.url, 10));
  return startService(pooler.url);
}

/** The faults of the short test do not end the server. */
async function sharedPostgres(): Promise<Server> {
  const database = await createTestDatabase();
  return {
    url: database.url,
    stop: () => database.drop(),
    pid: () => Promise.reject(new Error('shared')),
  };
}

async function startService(databaseUrl: string): Promise<string> {
  const { url } = await started(startReplica({ DATABASE_URL: databaseUrl }));
  return url;
}

test('no fault of the database loses or duplicates an acknowledged write', async ({ task }) => {
  const faults = databaseFaults({ server, proxy, holdMs: HOLD_MS }).filter(
    ({ done, isShort, isPooled }) =>
      (isLong ? done.includes(FAULT) : isShort) && (pgbouncerVersion !== null || !isPooled),
  );
  const count = Math.ceil(WRITES / faults.length);
  const ledgers = [];
  for (const { done, isPooled, isDefinite = false, provoke } of faults) {
    progress(`${count} writes: ${done}`);
    const ledger = createLedger(done, await tokenOf('alice'));
    let provoked = 0;
    const goesOn = () => provoked < TIMES || ledger.done() < count;
    const url = isPooled ? (pooled ??= await startPooledService()) : direct;
    const filling = ledger.fill(url, goesOn);
    for (let time = 1; time <= TIMES; time++) {
      const enough = (count * time) / (TIMES + 1);
      while (ledger.done() < enough) await sleep(10);
      await provoke();
      provoked = time;
    }
    await filling;
    ledgers.push({ done, isDefinite, ledger });
  }
  const audits = [];
  for (const { done, isDefinite, ledger } of ledgers) {
    const audit = await ledger.audit(server.url);
    audits.push({ isDefinite, ...audit });
    const { writes, errors, lost, duplicated, abandoned, afterError } = audit;
    record(task, {
      done: `${writes} writes with idempotency keys; ${TIMES} times: ${done}`,
      promised: `0 lost, 0 duplicated${isDefinite ? ', 0 stored after an error response' : ''}`,
      seen: `${lost} lost, ${duplicated} duplicated; ${errors} error responses; ${afterError} of ${abandoned} unrepeated writes stored`,
    });
  }
  for (const { lost, duplicated, afterError, isDefinite } of audits) {
    expect({ lost, duplicated }).toEqual({ lost: 0, duplicated: 0 });
    if (isDefinite) expect(afterError).toBe(0);
  }
}, 1_200_000);
