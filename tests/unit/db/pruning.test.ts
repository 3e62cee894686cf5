import { expect, test, vi } from 'vitest';
import type { Database } from '../../../src/db/database.ts';
import { startPruning } from '../../../src/db/pruning.ts';
import { pruneIdempotencyKeys } from '../../../src/idempotency/statements.ts';

test('pruning that is stopped sends no further batches', async () => {
  const { promise: batch, resolve } = Promise.withResolvers<{ count: number }>();
  const one = vi.fn(() => Promise.resolve({ count: 0 })).mockReturnValueOnce(batch);
  let size = 0;
  const statement = (limit: number) => {
    size = limit;
    return pruneIdempotencyKeys(limit);
  };
  const log = { debug: vi.fn(), warn: vi.fn() };
  const stop = startPruning({ one: one as unknown as Database['one'] }, { keys: statement }, log);
  stop();
  // The complete batch means that there can be more.
  resolve({ count: size });
  await vi.waitFor(() => {
    expect(log.debug).toHaveBeenCalledExactlyOnceWith({ count: size }, 'pruned keys');
  });
  expect(one).toHaveBeenCalledOnce();
});
