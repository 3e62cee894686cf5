import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { readBody } from '../../../src/http/body.ts';

test('the body of a client that has left before it is read is incomplete', async () => {
  const request = new IncomingMessage(new Socket());
  Object.assign(request.headers, { 'content-type': 'application/json', 'content-length': '2' });
  request.destroy();
  const body = readBody(request, new ServerResponse(request), new Set(['application/json']));
  await expect(body).rejects.toMatchObject({ code: 'malformed-request' });
});
