import { IncomingMessage } from 'node:http';
import type { Request, Response } from 'express';
import { Socket } from 'node:net';
import { expect, test, vi } from 'vitest';
import { normalizeRequest, pathOf } from '../../../src/http/normalize-request.ts';

interface Sent {
  method?: string;
  httpVersion?: string;
  headers?: [string, string][];
}

/** Returns the normalized request, or throws the error of the middleware. */
function pass(url: string, { method = 'GET', httpVersion = '1.1', headers }: Sent = {}): Request {
  const message = new IncomingMessage(new Socket());
  const sent = headers ?? [['Host', 'localhost']];
  Object.assign(message, { url, method, httpVersion, rawHeaders: sent.flat() });
  for (const [name, value] of sent) message.headers[name.toLowerCase()] ??= value;
  const next = vi.fn();
  normalizeRequest(message as Request, {} as unknown as Response, next);
  expect(next).toHaveBeenCalledExactlyOnceWith();
  return message as Request;
}

test.each([
  ['/api/tasks?limit=1', '/api/tasks?limit=1'],
  ['*', '*'],
  ['//api', '//api'],
  ['/a%20b', '/a%20b'],
  ['http://localhost/api/tasks?limit=1', '/api/tasks?limit=1'],
  ['HTTPS://user@localhost:1/a', '/a'],
  ['http://localhost', '/'],
  ['http://localhost?a=1', '/?a=1'],
  ['http://localhost//a', '//a'],
  ['http://[', '/'],
  ['rtsp://localhost', '/rtsp://localhost'],
  ['localhost:443', '/localhost:443'],
])('%s becomes %s', (target, expected) => {
  expect(pathOf(target)).toBe(expected);
});

test('HEAD becomes GET; other methods are unchanged', () => {
  expect(pass('/', { method: 'HEAD' }).method).toBe('GET');
  for (const method of ['GET', 'POST', 'OPTIONS'])
    expect(pass('/', { method }).method).toBe(method);
});

test.each([
  ['/%00', 'The URL contains a NUL character'],
  ['/a?b=%00', 'The URL contains a NUL character'],
  ['/%zz', 'The URL contains invalid percent-encoding'],
  ['/%f', 'The URL contains invalid percent-encoding'],
  ['/%ff', 'The URL contains invalid percent-encoding'],
  ['/%ed%a0%80', 'The URL contains invalid percent-encoding'],
  ['/ä', 'The URL contains characters that must be percent-encoded'],
  ['/a b', 'The URL contains characters that must be percent-encoded'],
  ['/a>b', 'The URL contains characters that must be percent-encoded'],
  ['/\x7f', 'The URL contains characters that must be percent-encoded'],
])('%s is refused', (url, detail) => {
  const rejection = { name: 'Problem', code: 'malformed-request', detail };
  expect(() => pass(url)).toThrow(expect.objectContaining(rejection));
});

test.each<[string, [string, string][], string]>([
  ['no Host', [], 'The Host header is missing'],
  [
    'two Hosts',
    [
      ['Host', 'a'],
      ['host', 'a'],
    ],
    'There is more than one Host header',
  ],
  [
    'two Authorizations',
    [
      ['Host', 'a'],
      ['Authorization', 'Bearer a'],
      ['AUTHORIZATION', 'Bearer a'],
    ],
    'There is more than one Authorization header',
  ],
])('%s: rejected', (_name, headers, detail) => {
  expect(() => pass('/', { headers })).toThrow(expect.objectContaining({ detail }));
});

test('HTTP/1.0 does not require Host', () => {
  pass('/', { httpVersion: '1.0', headers: [] });
});

test('the value of a header can be the name of another header', () => {
  pass('/', {
    headers: [
      ['Host', 'authorization'],
      ['Authorization', 'authorization'],
    ],
  });
});
