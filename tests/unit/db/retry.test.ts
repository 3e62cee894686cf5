import { expect, test, vi } from 'vitest';
import { retryOnce } from '../../../src/db/execution/retry.ts';

const READ = 'select 1';
const WRITE = 'delete from tasks';

/** How often a statement is executed that fails with this error each time. */
async function executions(text: string, error: Error): Promise<number> {
  const execute = vi.fn(() => Promise.reject(error));
  await expect(retryOnce(execute, text)).rejects.toBe(error);
  return execute.mock.calls.length;
}

const errorWith = (code: string) => Object.assign(new Error('failed'), { code });

test.each(['0A000', '42P05', '26000'])(
  'a statement that was not prepared (%s) is retried once',
  async (code) => {
    expect(await executions(READ, errorWith(code))).toBe(2);
    expect(await executions(WRITE, errorWith(code))).toBe(2);
  },
);

test.each([
  ...['57P01', 'ECONNRESET', 'EPIPE'].map((code) => [code, errorWith(code)] as const),
  ['without a code', new Error('Connection terminated unexpectedly')] as const,
])('a read whose connection is cut (%s) is retried once, a write is not', async (_name, error) => {
  expect(await executions(READ, error)).toBe(2);
  expect(await executions(WRITE, error)).toBe(1);
});

test.each(['57014', '55P03', '23505', 'ETIMEDOUT'])(
  'after %s, nothing is retried',
  async (code) => {
    expect(await executions(READ, errorWith(code))).toBe(1);
    expect(await executions(WRITE, errorWith(code))).toBe(1);
  },
);
