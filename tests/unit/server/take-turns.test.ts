import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { throwIfGivenUp } from '../../../src/deadlines/request-deadline.ts';
import { takeTurns } from '../../../src/server/take-turns.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

test('clients take turns, health checks do not wait, and the wait counts for the deadline', async () => {
  let time = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => time);
  const seen: string[] = [];
  const { promise: done, resolve } = Promise.withResolvers<undefined>();
  const listener = takeTurns(({ url = '' }) => {
    let isGivenUp = false;
    try {
      throwIfGivenUp();
    } catch {
      isGivenUp = true;
    }
    seen.push(isGivenUp ? `${url} too late` : url);
    // More than a turn.
    time += 9;
    if (seen.length === 5) resolve(undefined);
  });
  const send = (client: string, url: string) => {
    const request = Object.assign(new IncomingMessage(new Socket()), { url });
    listener(request, new ServerResponse(request), client);
  };
  send('a', '/1');
  send('a', '/2');
  send('a', '/3');
  send('b', '/4');
  send('a', '/livez');
  expect(seen).toEqual(['/1', '/livez']);
  time += 2_990;
  await done;
  expect(seen).toEqual(['/1', '/livez', '/2', '/4 too late', '/3 too late']);
});
