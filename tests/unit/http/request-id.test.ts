import type { Request, Response } from 'express';
import { expect, test, vi } from 'vitest';
import { requestId } from '../../../src/http/request-id.ts';

/** Returns the request id for a value of the header. */
function idOf(given?: string): string {
  const request = { headers: { 'x-request-id': given } } as unknown as Request;
  const next = vi.fn();
  requestId(request, {} as unknown as Response, next);
  expect(next).toHaveBeenCalledExactlyOnceWith();
  return request.id;
}

test.each(['a', '-', 'Trace_1.2-3', 'x'.repeat(128)])('%s is valid', (id) => {
  expect(idOf(id)).toBe(id);
});

test.each([undefined, '', ' ', 'a b', 'a\n', 'ä', 'a:b', 'a/b', 'a,b', 'x'.repeat(129)])(
  '%j is replaced by a new UUID',
  (id) => {
    const generated = idOf(id);
    expect(generated).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(idOf(id)).not.toBe(generated);
  },
);
