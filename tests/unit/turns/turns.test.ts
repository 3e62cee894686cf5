import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { noteConnection, untilTurn } from '../../../src/turns/turns.ts';

/** Time passes only while the test computes, however busy the machine is. */
let time = 0;
const compute = (ms: number) => {
  time += ms;
};

beforeEach(() => {
  vi.spyOn(performance, 'now').mockImplementation(() => time);
});
afterEach(() => {
  vi.restoreAllMocks();
});

test('parts of requests run in turns, and users take turns', async () => {
  const seen: string[] = [];
  const parts = ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1'].map(async (name) => {
    const turn = untilTurn(name[0] ?? '');
    if (turn) await turn;
    compute(9);
    seen.push(name);
  });
  // The first uses up the time of the turn.
  expect(seen).toEqual(['a1']);
  await Promise.all(parts);
  expect(seen).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4']);
});

test('connections are accepted while there is more to do than can be done', async () => {
  const COUNT = 60;
  const sockets: Socket[] = [];
  let units = 0;
  let unitsAtLast = Infinity;
  const server = createServer((socket) => {
    noteConnection();
    sockets.push(socket.on('error', () => undefined));
    if (sockets.length === COUNT) unitsAtLast = units;
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  // They are opened while this thread waits.
  const opened = new Int32Array(new SharedArrayBuffer(4));
  const { port } = server.address() as AddressInfo;
  const client = new Worker(
    `const { workerData: { opened, port } } = require('node:worker_threads');
     const count = () => { Atomics.add(opened, 0, 1); Atomics.notify(opened, 0); };
     for (let index = 0; index < ${COUNT}; index++)
       require('node:net').connect(port, '127.0.0.1', count).on('error', () => undefined);`,
    { eval: true, workerData: { opened, port } },
  );
  onTestFinished(async () => {
    await client.terminate();
  });
  // The number is read once per round: if it changed between the check and a second read, the wait would never end.
  for (let seen = 0; seen !== COUNT; seen = Atomics.load(opened, 0)) Atomics.wait(opened, 0, seen);

  const work = async () => {
    const turn = untilTurn('alice');
    if (turn) await turn;
    compute(8);
    units++;
  };
  while (units < COUNT) {
    for (let index = 0; index < 10; index++) {
      void work();
    }
    await setImmediate();
  }
  expect(unitsAtLast).toBeLessThan(COUNT / 2);
});
