import { expect, test } from 'vitest';
import { toRfc3339 } from '../../../src/db/timestamp.ts';

test.each([
  ['2026-11-21 04:05:06', '2026-11-21T04:05:06.000000Z'],
  ['2026-11-21 04:05:06.1', '2026-11-21T04:05:06.100000Z'],
  ['2026-11-21 04:05:06.12345', '2026-11-21T04:05:06.123450Z'],
  ['2026-11-21 04:05:06.123456', '2026-11-21T04:05:06.123456Z'],
])('%s becomes %s', (text, expected) => {
  expect(toRfc3339(text)).toBe(expected);
});
