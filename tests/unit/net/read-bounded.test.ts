import { expect, test } from 'vitest';
import { readBounded } from '../../../src/net/read-bounded.ts';

/** A body in chunks, whose length is unknown until it was read. */
const chunked = (...chunks: string[]) =>
  new Response(ReadableStream.from(chunks.map((chunk) => Buffer.from(chunk))));

test('reads a body up to the limit', async () => {
  expect(String(await readBounded(chunked('abc', 'de'), 5))).toBe('abcde');
  expect(String(await readBounded(new Response('abcde'), 5))).toBe('abcde');
  expect(String(await readBounded(new Response(null), 5))).toBe('');
});

test('returns undefined for a larger body', async () => {
  expect(await readBounded(chunked('abc', 'def'), 5)).toBeUndefined();
});

test('does not read a body whose Content-Length is larger', async () => {
  const response = new Response('abcdef', { headers: { 'Content-Length': '6' } });
  expect(await readBounded(response, 5)).toBeUndefined();
  expect(await response.text()).toBe('abcdef');
});

test('leaves the rest of a larger body unread and not cancelled', async () => {
  const response = chunked('abc', 'def', 'rest');
  await readBounded(response, 5);
  const reader = response.body?.getReader();
  expect(Buffer.from((await reader?.read())?.value ?? '').toString()).toBe('rest');
});

test('throws the error of the stream', async () => {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.error(new Error('aborted'));
    },
  });
  await expect(readBounded(new Response(body), 5)).rejects.toThrow('aborted');
});
