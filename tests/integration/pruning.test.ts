import { expect, onTestFinished, test, vi } from 'vitest';
import { openDatabase } from '../../src/db/database.ts';
import { startPruning } from '../../src/db/pruning.ts';
import { pruneIdempotencyKeys } from '../../src/idempotency/statements.ts';
import { pruneRevocations } from '../../src/revocations/statements.ts';
import { createTestDatabase } from '../support/database.ts';
import { administer } from '../support/server.ts';
import { eventually } from '../support/eventually.ts';

const DAY = 24 * 60 * 60;

test('expired idempotency keys and revocations are deleted, in batches, and no others', async () => {
  const server = await createTestDatabase();
  onTestFinished(() => server.drop());
  const database = await openDatabase({ url: server.url, poolSize: 2 });
  onTestFinished(() => database.close());
  await administer(
    server.url,
    `insert into users (id) values ('alice'), ('bob');
     insert into idempotency_keys (user_id, key, fingerprint, task_id, created_at)
     select 'alice', 'key-' || n, sha256('x'), gen_random_uuid(),
       now() - (case when n = 0 then interval '23 hours' else interval '25 hours' end)
     from generate_series(0, 12000) n;
     insert into idempotency_keys (user_id, key, fingerprint, task_id)
     values ('bob', 'key-1', sha256('x'), gen_random_uuid());
     insert into token_revocations (user_id, issued_before, revoked_at) values
       ('recent', now() - interval '6 days', now() - interval '6 days'),
       ('expired', now() - interval '8 days', now() - interval '8 days')`,
  );
  const log = { debug: vi.fn(), warn: vi.fn() };
  const stop = startPruning(
    database,
    { keys: pruneIdempotencyKeys, revocations: (limit) => pruneRevocations(7 * DAY, limit) },
    log,
  );
  onTestFinished(stop);
  await eventually(() => {
    expect(log.debug).toHaveBeenLastCalledWith({ count: 1 }, 'pruned revocations');
  });
  expect(log.debug).toHaveBeenCalledWith({ count: 12_000 }, 'pruned keys');
  await expect(
    administer(
      server.url,
      `select user_id || ' ' || key as left from idempotency_keys
       union all select user_id from token_revocations order by 1`,
    ),
  ).resolves.toEqual([{ left: 'alice key-0' }, { left: 'bob key-1' }, { left: 'recent' }]);
  expect(log.warn).not.toHaveBeenCalled();
});
