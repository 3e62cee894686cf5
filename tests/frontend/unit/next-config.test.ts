import { expect, test } from 'vitest';
import config from '../../../frontend/next.config.ts';

test('of the body of a page request, which no page reads, at most 16 KiB are buffered', () => {
  expect(config.experimental?.proxyClientMaxBodySize).toBe(16 * 1024);
});
