import type { EventEmitter } from 'node:events';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { limitLoad } from '../../../src/http/load-limit.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function open() {
  const accepted: ServerResponse[] = [];
  const log = { warn: vi.fn() };
  const listener = limitLoad({
    listener: (_request, response) => accepted.push(response),
    commonHeaders: {
      headersOf: (origin = '*') => ({ 'Access-Control-Allow-Origin': origin }),
    },
    log,
  });
  const send = (count: number, url = '/api/tasks') =>
    Array.from({ length: count }, () => {
      const request = new IncomingMessage(new Socket());
      Object.assign(request, {
        url,
        headers: { origin: 'https://app.example', 'x-request-id': 'r1' },
      });
      const response = new ServerResponse(request);
      listener(request, response);
      return response;
    });
  const complete = (count: number) => {
    for (const response of accepted.splice(0, count)) (response as EventEmitter).emit('close');
  };
  return { accepted, log, send, complete };
}

test('rejects requests above the limit, before anything else handles them', () => {
  const { accepted, send, complete } = open();
  const [rejected] = send(501).slice(500);
  expect(accepted).toHaveLength(500);
  expect(rejected?.statusCode).toBe(503);
  expect((rejected as unknown as { _header: string })._header).toMatch(
    /X-Request-Id: r1\r\nAccess-Control-Allow-Origin: https:\/\/app\.example\r\nContent-Type: application\/problem\+json\r\nRetry-After: 5\r\n/,
  );
  complete(1);
  send(2);
  expect(accepted).toHaveLength(500);
});

test('always accepts health checks', () => {
  const { accepted, send } = open();
  send(600);
  send(2, '/readyz');
  send(2, '/livez');
  expect(accepted).toHaveLength(504);
});

test('limits requests to those that complete in half a second, and logs rejections once per second', () => {
  const { accepted, log, send, complete } = open();
  for (let i = 0; i < 4; i++) {
    send(500);
    complete(500);
  }
  vi.advanceTimersByTime(1000);
  expect(log.warn).not.toHaveBeenCalled();
  send(1100);
  expect(accepted).toHaveLength(1000);
  vi.advanceTimersByTime(1000);
  expect(log.warn).toHaveBeenCalledExactlyOnceWith(
    { rejected: 100, completed: 0, limit: 500 },
    'overloaded',
  );
});
