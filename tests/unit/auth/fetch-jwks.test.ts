import { afterEach, expect, test, vi } from 'vitest';
import { fetchJwks } from '../../../src/auth/fetch-jwks.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

test.each([
  ['has another status than 200', 500, '{', 'the response has status 500 instead of 200'],
  ['is too large', 200, 'x'.repeat(262_145), 'the response is larger than 262144 bytes'],
])('a response that %s is not read completely', async (_name, status, text, reason) => {
  const cancel = vi.fn();
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(Buffer.from(text));
    },
    cancel,
  });
  vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response(body, { status }));
  const options = {
    headers: new Headers(),
    method: 'GET',
    redirect: 'manual',
    signal: new AbortController().signal,
  } as const;
  await expect(fetchJwks('http://localhost/jwks', options)).rejects.toThrow(reason);
  expect(cancel).toHaveBeenCalledOnce();
});
