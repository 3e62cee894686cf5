import { expect, test } from 'vitest';
import { formatCount, quoted, timeAgo } from '../../../frontend/app/lib/format.ts';

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
])('%s is %s', (time, text) => {
  expect(timeAgo(Date.parse(time), NOW)).toBe(text);
});

test('a time in the future counts as now, because clocks differ', () => {
  expect(timeAgo(NOW + 90_000, NOW)).toBe('just now');
});

test.each([
  [0, '0'],
  [999, '999'],
  [1_000, '1,000'],
  [1_234_567, '1,234,567'],
])('%i is formatted as %s', (count, text) => {
  expect(formatCount(count)).toBe(text);
});

test('a title is quoted without spaces around it, and truncated if it is long', () => {
  expect(quoted(' Buy milk ')).toBe('“Buy milk”');
  expect(quoted('🎉'.repeat(60))).toBe(`“${'🎉'.repeat(60)}”`);
  expect(quoted('🎉'.repeat(61))).toBe(`“${'🎉'.repeat(59)}…”`);
});
