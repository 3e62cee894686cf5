import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { throwIfGivenUp } from '../../../src/deadlines/request-deadline.ts';
import type { ClientListener } from '../../../src/server/client-identity.ts';
import { takeTurns } from '../../../src/server/take-turns.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

function sendTo(listener: ClientListener, client: string, url: string): ServerResponse {
  const request = Object.assign(new IncomingMessage(new Socket()), { url });
  const response = new ServerResponse(request);
  listener(request, response, client);
  return response;
}

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
    sendTo(listener, client, url);
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

test('a request whose client leaves while it waits is not served', async () => {
  // The turn of the test before ends.
  await new Promise(setImmediate);
  let time = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => time);
  const seen: string[] = [];
  const { promise: done, resolve } = Promise.withResolvers<undefined>();
  const listener = takeTurns(({ url = '' }) => {
    seen.push(url);
    time += 9;
    if (url === '/3') resolve(undefined);
  });
  sendTo(listener, 'a', '/1');
  sendTo(listener, 'a', '/2').destroy();
  sendTo(listener, 'a', '/3');
  await done;
  expect(seen).toEqual(['/1', '/3']);
});
