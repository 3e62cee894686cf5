import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openRateLimits } from '../../../src/rate-limits/rate-limits.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a limit is reset a minute after its first event, and says when', async () => {
  const limits = { perUser: 2, perAddress: 0, store: undefined };
  const opened = await openRateLimits(limits, pino({ enabled: false }));
  const { perUser, perAddress } = opened;
  expect(perAddress).toBeUndefined();
  expect(await perUser?.count('alice')).toMatchObject({ isExceeded: false, resetSeconds: 60 });
  vi.advanceTimersByTime(45_500);
  expect(await perUser?.count('alice')).toMatchObject({
    isExceeded: false,
    resetSeconds: 15,
    headers: { RateLimit: '"user";r=0;t=15', 'RateLimit-Policy': '"user";q=2;w=60' },
  });
  vi.advanceTimersByTime(14_000);
  expect(await perUser?.count('alice')).toMatchObject({ isExceeded: true, resetSeconds: 1 });
  vi.advanceTimersByTime(1000);
  expect(await perUser?.count('alice')).toMatchObject({ isExceeded: false, resetSeconds: 60 });
  opened.close();
});
