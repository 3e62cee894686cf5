import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { throwIfGivenUp, withDeadline } from '../../../src/deadlines/request-deadline.ts';
import { readBody } from '../../../src/http/body.ts';

const mediaTypes = new Set(['application/json']);

afterEach(() => {
  vi.useRealTimers();
});

/** A request with a body of two bytes, and its response. */
function exchange() {
  const request = new IncomingMessage(new Socket());
  Object.assign(request.headers, { 'content-type': 'application/json', 'content-length': '2' });
  return { request, response: new ServerResponse(request) };
}

test('the body of a client that has left before it is read is incomplete', async () => {
  const { request, response } = exchange();
  request.destroy();
  const body = readBody(request, response, mediaTypes);
  await expect(body).rejects.toMatchObject({ code: 'malformed-request' });
});

test('the time in which a client sends its body is not deducted from the deadline', async () => {
  vi.useFakeTimers();
  const { request, response } = exchange();
  const served = withDeadline(response, async () => {
    const body = await readBody(request, response, mediaTypes);
    throwIfGivenUp();
    return body;
  });
  request.push('{');
  await vi.advanceTimersByTimeAsync(9_000);
  request.push('}');
  request.push(null);
  await expect(served).resolves.toEqual({ mediaType: 'application/json', value: {} });
});
