import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient, type Client } from '../support/client.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startProxy, type Proxy } from '../support/proxy.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { tokenOf } from '../support/tokens.ts';

const USERS = Array.from({ length: 8 }, (_, index) => `user-${index}`);
/** https://www.postgresql.org/docs/current/protocol-message-formats.html */
const READY_FOR_QUERY = Buffer.from('Z\0\0\0\u0005I', 'latin1');

let database: TestDatabase;
let proxy: Proxy;
let service: TestService;
let clients: Client[];

beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await startProxy(database.url);
  service = await startTestService({ DATABASE_URL: proxy.url, DATABASE_POOL_SIZE: '2' });
  clients = await Promise.all(
    USERS.map(async (user) => createClient(service.url, await tokenOf(user))),
  );
  for (const [index, client] of clients.entries()) await client.create({ title: `of ${index}` });
});
afterAll(async () => {
  await service.stop();
  await proxy.down();
  await database.drop();
});

/** The owners of the tasks that each user gets; the status if the request failed. */
const owners = () =>
  Promise.all(
    clients.map(async (client) => {
      const { status, body } = await client.list();
      return status === 200 ? body.items.map(({ user_id }) => user_id) : status;
    }),
  );

test('if the end of a statement comes before its result, no user gets the tasks of another', async () => {
  let seen: Awaited<ReturnType<typeof owners>> = [];
  // Until the statements were sent, and had no result yet, at the time of the message: a slow machine needs longer.
  for (let wait = 100; !seen.includes(503) && wait < 2_000; wait += 100) {
    proxy.delay(2 * wait);
    const responses = owners();
    await sleep(wait);
    proxy.inject(READY_FOR_QUERY);
    proxy.delay(0);
    seen = await responses;
    for (const [index, user] of USERS.entries()) expect([503, [user]]).toContainEqual(seen[index]);
  }
  expect(seen).toContain(503);
  await expect.poll(owners).toEqual(USERS.map((user) => [user]));
});
