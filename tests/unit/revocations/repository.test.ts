import { expect, test } from 'vitest';
import type { UserId } from '../../../src/auth/caller.ts';
import type { Database } from '../../../src/db/database.ts';
import { createRevocationRepository } from '../../../src/revocations/repository.ts';

/** Timers have whole milliseconds and can fire a little early, so one attempt would rarely notice it. */
const ATTEMPTS = 50;
/** The rest of the second, as the database reports it: almost 11 milliseconds. */
const SECONDS_LEFT = 0.0109;

test('a revocation resolves when the second has ended, so that no token of that second is issued after it', async () => {
  const one: unknown = () => Promise.resolve({ issued_before: 0, seconds_left: SECONDS_LEFT });
  const database = { one: one as Database['one'] };
  const repository = createRevocationRepository(database, { add: () => undefined });
  const alice = { id: 'alice' as UserId, email: null, name: null, issuedAt: 0 };
  const durations: number[] = [];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const start = performance.now();
    await repository.revokeTokens(alice);
    durations.push(performance.now() - start);
  }
  expect(Math.min(...durations)).toBeGreaterThanOrEqual(SECONDS_LEFT * 1000);
});
