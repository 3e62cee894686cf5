import type { Request, Response } from 'express';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { accessLog } from '../../../src/telemetry/access-log.ts';

/** The line of a request, logged when its response is closed. */
function lineOf(respond: (response: ServerResponse) => void): unknown {
  const output = new PassThrough();
  const request = Object.assign(new IncomingMessage(new Socket()), { method: 'GET' });
  const response = new ServerResponse(request);
  accessLog(pino(output))(request as Request, response as Response, () => undefined);
  respond(response);
  response.emit('close');
  return JSON.parse(String(output.read()));
}

test('a response that is sent completely is not aborted', () => {
  const line = lineOf((response) => {
    response.writeHead(200);
    Object.defineProperty(response, 'writableFinished', { value: true });
  });
  expect(line).toMatchObject({ msg: 'request', status: 200 });
  expect(line).not.toHaveProperty('aborted');
});

test('a response that is not sent, or not completely, is aborted', () => {
  const line = lineOf((response) => response.writeHead(200));
  expect(line).toMatchObject({ status: 200, aborted: true });
  const unsent = lineOf(() => undefined);
  expect(unsent).toMatchObject({ aborted: true });
  expect(unsent).not.toHaveProperty('status');
});
