import { expect, test } from 'vitest';
import { timeAgo } from '../../../../frontend/app/components/tasks/relative-time.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');

test.each([
  ['2026-11-21T12:00:00Z', 'just now'],
  ['2026-11-21T11:59:01Z', 'just now'],
  ['2026-11-21T11:59:00Z', '1 minute ago'],
  ['2026-11-21T11:00:01Z', '59 minutes ago'],
  ['2026-11-21T11:00:00Z', '1 hour ago'],
  ['2026-11-20T12:00:01Z', '23 hours ago'],
  ['2026-11-20T12:00:00Z', 'yesterday'],
  ['2026-11-15T11:00:00Z', '6 days ago'],
  ['2026-11-14T12:00:00Z', 'last week'],
  ['2026-10-31T12:00:00Z', '3 weeks ago'],
  ['2026-10-20T12:00:00Z', 'last month'],
  ['2025-11-01T12:00:00Z', 'last year'],
  ['1999-11-01T12:00:00Z', '27 years ago'],
])('%s is %s', (time, words) => {
  expect(timeAgo(Date.parse(time), NOW)).toBe(words);
});

test('the future counts as now: clocks differ', () => {
  expect(timeAgo(NOW + 90_000, NOW)).toBe('just now');
});
