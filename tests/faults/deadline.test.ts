import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createClient } from '../support/client.ts';
import { createTestDatabase } from '../support/database.ts';
import { makeSigningKey, startJwksServer } from '../support/jwks-server.ts';
import { startProxy } from '../support/proxy.ts';
import { administer } from '../support/server.ts';
import { startTestService } from '../support/service.ts';
import { tokenOf } from '../support/tokens.ts';

const REQUEST_MS = 8_000;
const SLOW_MS = 4_500;

test('slow keys and a database that hangs take no longer together than the deadline', async () => {
  const key = await makeSigningKey('EdDSA', 'slow');
  await using keys = await startJwksServer();
  keys.respondWith((response) => {
    void setTimeout(SLOW_MS).then(() => response.end(JSON.stringify({ keys: [key.jwk] })));
  });
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const proxy = await startProxy(database.url);
  onTestFinished(() => proxy.down());
  const service = await startTestService({
    DATABASE_URL: proxy.url,
    BETTER_AUTH_JWKS_URL: keys.url,
  });
  onTestFinished(() => service.stop());
  await createClient(service.url, await tokenOf('alice')).create();

  const now = Math.floor(Date.now() / 1000);
  const client = createClient(
    service.url,
    await key.sign({ sub: 'alice', iat: now, exp: now + 60 }),
  );
  proxy.freeze();
  const start = performance.now();
  const response = await client.post('/api/tasks', { title: 'given up' });
  expect(response.body).toMatchObject({ code: 'unavailable' });
  expect(performance.now() - start).toBeLessThan(REQUEST_MS);
  proxy.thaw();

  // The keys were still fetched.
  await expect
    .poll(async () => (await client.get('/api/me')).status, { timeout: REQUEST_MS })
    .toBe(200);
  await client.create({ title: 'after' });
  const titles = await administer(database.url, `select title from tasks where title = 'given up'`);
  expect(titles).toEqual([]);
});
