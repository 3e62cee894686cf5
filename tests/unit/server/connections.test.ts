import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import { Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { trackConnections } from '../../../src/server/connections.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const limits = {
  maxConnections: 10,
  maxPerAddress: 10,
  maxUnsentBytes: 100,
  lingerBytes: 0,
  lingerMs: 0,
};

test('of the clients with too much unread data, the one that has left it unread for the longest time is disconnected', () => {
  const server = new EventEmitter();
  trackConnections(
    server as Server,
    () => undefined,
    () => false,
    limits,
  );
  const open = () => {
    const socket = Object.defineProperty(new Socket(), 'writableLength', {
      value: 0,
      writable: true,
    });
    server.emit('connection', socket);
    return {
      socket,
      leave: (bytes: number) => {
        Object.assign(socket, { writableLength: bytes });
        vi.advanceTimersByTime(1_000);
      },
    };
  };
  const [first, second] = [open(), open()];
  first.leave(60);
  first.leave(0);
  second.leave(60);
  first.leave(60);
  expect([first.socket.destroyed, second.socket.destroyed]).toEqual([false, true]);
  server.emit('close');
});
