import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { UserId } from '../../../src/auth/caller.ts';
import type { Database } from '../../../src/db/database.ts';
import { pollRevocations } from '../../../src/revocations/poll-revocations.ts';
import { createRevocations } from '../../../src/revocations/revocations.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const MAX_LIFETIME = HOUR;

const now = () => Date.now() / 1000;
const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000);

beforeEach(() => {
  // In whole seconds.
  vi.useFakeTimers({ now: 1_800_000_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Revocations, with the users whose tokens of a time are revoked. */
function createWithUsers() {
  const revocations = createRevocations();
  const usersAt = (issuedAt: number) =>
    ['old', 'young', 'both'].filter((id) => revocations.isRevoked({ id: id as UserId, issuedAt }));
  return { revocations, usersAt };
}

test('the revocations before a time are removed', () => {
  const { revocations, usersAt } = createWithUsers();
  revocations.add('old', 99);
  revocations.add('young', 100);
  revocations.add('both', 100);
  revocations.add('both', 99);
  revocations.removeBefore(100);
  expect(usersAt(0)).toEqual(['young', 'both']);
  expect(revocations.size).toBe(2);
});

test('each read begins a minute before the last one, because statements can commit late', async () => {
  const one = vi.fn((_statement: { values: readonly unknown[] }) =>
    Promise.resolve({ now: now(), revocations: [] }),
  );
  const log = { warn: vi.fn(), info: vi.fn() };
  const start = now();
  const stop = await pollRevocations(
    { one } as unknown as Pick<Database, 'one'>,
    createRevocations(),
    MAX_LIFETIME,
    log,
  );
  await pass(4);
  expect(one.mock.calls.map(([{ values }]) => values)).toEqual([
    [0],
    [start - MINUTE],
    [start + 2 - MINUTE],
  ]);
  stop();
});

test('a revocation is removed when all tokens that it affects have expired, not earlier', async () => {
  const { revocations, usersAt } = createWithUsers();
  const start = now();
  const stored: [string, number][] = [
    ['old', start - MAX_LIFETIME],
    ['young', start],
  ];
  const one = () => Promise.resolve({ now: now(), revocations: stored.splice(0) });
  const log = { warn: vi.fn(), info: vi.fn() };
  const stop = await pollRevocations(
    { one } as unknown as Pick<Database, 'one'>,
    revocations,
    MAX_LIFETIME,
    log,
  );
  await pass(59 * MINUTE);
  expect(usersAt(0)).toEqual(['old', 'young']);
  await pass(MINUTE);
  expect(usersAt(start - 1)).toEqual(['young']);
  // Until then, the last token before the revocation has not expired.
  expect(now()).toBe(start + MAX_LIFETIME);
  await pass(HOUR);
  expect(revocations.size).toBe(0);
  expect(log.warn).not.toHaveBeenCalled();
  stop();
});
