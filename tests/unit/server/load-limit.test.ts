import type { EventEmitter } from 'node:events';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { limitLoad } from '../../../src/server/load-limit.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout'] });
  const half = { idle: 1, active: 1, utilization: 0.5 };
  vi.spyOn(performance, 'eventLoopUtilization').mockReturnValue(half);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function open() {
  const accepted: ServerResponse[] = [];
  const log = { warn: vi.fn() };
  const observe = vi.fn();
  const listener = limitLoad({
    listener: (_request, response) => accepted.push(response),
    clientOf: ({ headers }) => headers.authorization ?? '',
    commonHeaders: {
      headersOf: (origin = '*') => ({ 'Access-Control-Allow-Origin': origin }),
    },
    log,
    observe,
  });
  const send = (count: number, url = '/api/tasks', authorization?: string) =>
    Array.from({ length: count }, () => {
      const request = new IncomingMessage(new Socket());
      Object.assign(request, {
        url,
        headers: { origin: 'https://app.example', 'x-request-id': 'r1', authorization },
      });
      const response = new ServerResponse(request);
      listener(request, response);
      return response;
    });
  const complete = (count: number) => {
    for (const response of accepted.splice(0, count)) (response as EventEmitter).emit('close');
  };
  return { accepted, log, observe, send, complete };
}

test('rejects requests above the limit, before anything else handles them', () => {
  const { accepted, observe, send, complete } = open();
  const [rejected] = send(251).slice(250);
  expect(accepted).toHaveLength(250);
  expect(rejected?.statusCode).toBe(503);
  expect((rejected as unknown as { _header: string })._header).toMatch(
    /X-Request-Id: r1\r\nAccess-Control-Allow-Origin: https:\/\/app\.example\r\nContent-Type: application\/problem\+json\r\nRetry-After: 5\r\n/,
  );
  expect(observe).toHaveBeenCalledExactlyOnceWith({
    operationId: undefined,
    status: 503,
    seconds: 0,
    problemCode: 'unavailable',
  });
  complete(1);
  send(2);
  expect(accepted).toHaveLength(250);
});

test('delays the rejection of clients that retry immediately', () => {
  const { observe, send } = open();
  send(250);
  const [rejected] = send(21).slice(20);
  expect(observe).toHaveBeenCalledTimes(20);
  vi.advanceTimersByTime(499);
  expect(rejected?.headersSent).toBe(false);
  vi.advanceTimersByTime(1);
  expect(rejected?.statusCode).toBe(503);
  expect(observe).toHaveBeenLastCalledWith({
    operationId: undefined,
    status: 503,
    seconds: 0.5,
    problemCode: 'unavailable',
  });
  // In the next quarter of a second.
  const [next] = send(1);
  expect(next?.headersSent).toBe(true);
});

test('rejects at most 750 requests immediately in a quarter of a second', () => {
  const { observe, send } = open();
  for (let client = 0; client < 600; client++) send(5, '/api/tasks', `client ${client}`);
  expect(observe).toHaveBeenCalledTimes(750);
});

test('always accepts health checks', () => {
  const { accepted, send } = open();
  send(300);
  send(2, '/readyz');
  send(2, '/livez');
  expect(accepted).toHaveLength(254);
});

test('limits requests to those that complete in a quarter of a second', () => {
  const { accepted, send, complete } = open();
  send(250);
  complete(250);
  send(200);
  complete(200);
  // 450 in a quarter of a second.
  vi.advanceTimersByTime(250);
  send(500);
  expect(accepted).toHaveLength(450);
});

test('logs rejections once per second', () => {
  const { log, send, complete } = open();
  send(200);
  complete(200);
  vi.advanceTimersByTime(1000);
  expect(log.warn).not.toHaveBeenCalled();
  send(300);
  vi.advanceTimersByTime(300);
  send(50);
  complete(30);
  vi.advanceTimersByTime(700);
  expect(log.warn).toHaveBeenCalledExactlyOnceWith(
    { rejected: 100, completed: 30, limit: 250 },
    'overloaded',
  );
});

test('limits requests to those that complete in a tenth of a second while it rejects most', () => {
  const { accepted, send, complete } = open();
  send(600);
  for (let quarter = 0; quarter < 20; quarter++) {
    for (let part = 0; part < 8; part++) {
      complete(25);
      send(100);
    }
    vi.advanceTimersByTime(250);
  }
  complete(Infinity);
  send(600);
  // Of 800 per second.
  expect(accepted).toHaveLength(80);
  complete(Infinity);
  vi.advanceTimersByTime(1000);
  send(600);
  expect(accepted).toHaveLength(250);
});

test('accepts fewer when it completes fewer, and more again when none are rejected', () => {
  const { accepted, send, complete } = open();
  const acceptedOf = (count: number) => {
    const before = accepted.length;
    send(count);
    return accepted.length - before;
  };
  const pass = () => vi.advanceTimersByTime(250);
  send(300);
  pass();
  for (let quarter = 0; quarter < 20; quarter++) {
    for (let part = 0; part < 4; part++) {
      complete(25);
      send(50);
    }
    pass();
  }
  complete(Infinity);
  expect(acceptedOf(300)).toBe(100);
  complete(Infinity);
  for (let quarter = 0; quarter < 5; quarter++) pass();
  expect(acceptedOf(300)).toBe(250);
});

test('accepts many requests at once after a time in which it was busy, but not with requests', () => {
  const busy = { idle: 0, active: 1, utilization: 1 };
  vi.spyOn(performance, 'eventLoopUtilization').mockReturnValue(busy);
  const { accepted, send, complete } = open();
  for (let quarter = 0; quarter < 3; quarter++) {
    send(20);
    complete(20);
    vi.advanceTimersByTime(250);
  }
  // Also after more requests than the limit at once.
  send(300);
  complete(250);
  vi.advanceTimersByTime(250);
  accepted.length = 0;
  send(250);
  expect(accepted).toHaveLength(250);
});

test.each([
  ['slow to send their bodies', 'waiting'],
  ['slow to read their responses', 'prefinish'],
])('clients that are %s do not stop others', (_name, event) => {
  const { accepted, send } = open();
  for (let client = 0; client < 100; client++)
    for (const response of send(10, '/api/tasks', `slow ${client}`))
      (response as EventEmitter).emit(event);
  expect(accepted).toHaveLength(1000);
  vi.advanceTimersByTime(250);
  send(250, '/api/tasks', 'quick');
  expect(accepted).toHaveLength(1250);
  // A client that is slow is not served without a limit.
  for (let count = 0; count < 1100; count++)
    for (const response of send(1, '/api/tasks', 'slow')) (response as EventEmitter).emit(event);
  expect(accepted.length).toBeLessThan(1250 + 1100);
});

test('a request whose body has arrived is in progress again', () => {
  const { accepted, send } = open();
  for (const response of send(250) as EventEmitter[]) {
    response.emit('waiting');
    response.emit('working');
  }
  send(1, '/api/tasks');
  expect(accepted).toHaveLength(250);
});

test('one client with many requests does not stop another', () => {
  const { accepted, send } = open();
  send(300, '/api/tasks', 'loud');
  expect(accepted).toHaveLength(250);
  send(5, '/api/tasks', 'quiet');
  expect(accepted).toHaveLength(255);
  send(5, '/api/tasks', 'loud');
  expect(accepted).toHaveLength(255);
  // With their shares, and at most twice the limit in all.
  for (let index = 0; index < 300; index++) send(3, '/api/tasks', `client ${index}`);
  expect(accepted.length).toBeLessThanOrEqual(500);
});
