import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { UserId } from '../../src/auth/caller.ts';
import { openDatabase } from '../../src/db/database.ts';
import { revokeTokens } from '../../src/revocations/statements.ts';
import { type Client, createClient, type Problem } from '../support/client.ts';
import { administer } from '../support/server.ts';
import { startTestService, useService } from '../support/service.ts';
import { useServer } from '../support/use-server.ts';
import { tokenOf } from '../support/tokens.ts';

const service = useService();
/** Another process on the same database. */
const other = useServer(() => startTestService({ DATABASE_URL: service.databaseUrl }));

/** A new user, because the tests run concurrently: revocations mostly wait. */
function newUser() {
  const user = `user-${randomUUID()}`;
  const signIn = async ({ url } = service, iat?: number) =>
    createClient(url, await tokenOf(user, iat === undefined ? {} : { iat }));
  return { user, signIn };
}

/**
 * The status of a list after about five seconds at most. It counts pauses, because on a busy machine the timers of the service are late
 * as well.
 */
async function statusWithinFiveSeconds({ list }: Client): Promise<number> {
  let { status } = await list();
  for (let pauses = 0; status !== 401 && pauses < 50; pauses++) {
    await sleep(100);
    ({ status } = await list());
  }
  return status;
}

describe.concurrent('revoked tokens', () => {
  test('are rejected immediately by the same process, and a new token is accepted', async () => {
    const { signIn } = newUser();
    const old = await signIn();
    const copied = await signIn();
    await old.create();
    await copied.create();
    const response = await old.delete('/api/me/tokens');
    expect({ status: response.status, text: response.text }).toEqual({ status: 204, text: '' });
    expect(response.headers.get('cache-control')).toBe('no-store');

    for (const client of [old, copied]) {
      const { status, body, headers } = await client.get<Problem>('/api/tasks');
      expect(status).toBe(401);
      expect(body).toMatchObject({ code: 'invalid-token', detail: 'The token was revoked' });
      expect(headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
    }
    expect((await (await signIn()).list()).body.items).toHaveLength(2);
  });

  test('include those of the current second, even if the clock of their issuer is ahead', async () => {
    const { signIn } = newUser();
    const ahead = 3;
    const now = () => Math.floor(Date.now() / 1000) + ahead;
    const old = await signIn(service, now());
    expect((await old.delete('/api/me/tokens')).status).toBe(204);
    expect((await old.list()).status).toBe(401);
    expect((await (await signIn(service, now())).list()).status).toBe(200);
  });

  test('are rejected by another process within five seconds, and not before its new ones are valid', async ({
    expect,
  }) => {
    const { signIn } = newUser();
    const old = await signIn(other);
    expect((await old.list()).status).toBe(200);
    expect((await (await signIn()).delete('/api/me/tokens')).status).toBe(204);
    expect((await (await signIn(other)).list()).status).toBe(200);
    expect(await statusWithinFiveSeconds(old)).toBe(401);
    expect((await (await signIn(other)).list()).status).toBe(200);
  });

  test('are rejected by a process that starts later', async ({ expect }) => {
    const { user, signIn } = newUser();
    const token = await tokenOf(user);
    await (await signIn()).delete('/api/me/tokens');
    const later = await startTestService({ DATABASE_URL: service.databaseUrl });
    const revoked = createClient(later.url, token);
    // Within five seconds: a revocation takes effect after one second, and the service reads it every two.
    expect(await statusWithinFiveSeconds(revoked)).toBe(401);
    expect((await (await signIn(later)).list()).status).toBe(200);
    await later.stop();
  });

  test('of other users stay valid', async () => {
    const { user, signIn } = newUser();
    const neighbour = createClient(service.url, await tokenOf(`${user}x`));
    await (await signIn()).delete('/api/me/tokens');
    expect((await neighbour.list()).status).toBe(200);
  });

  test('stay revoked when a process that does not know of it yet revokes older ones', async ({
    expect,
    onTestFinished,
  }) => {
    const { user } = newUser();
    const database = await openDatabase({ url: service.databaseUrl, poolSize: 1 });
    onTestFinished(() => database.close());
    const now = Math.floor(Date.now() / 1000);
    const revoke = async (issuedAt: number) => {
      const caller = { id: user as UserId, email: null, name: null, issuedAt };
      return (await database.one(revokeTokens(caller))).issued_before;
    };
    expect(await revoke(now + 60)).toBe(now + 61);
    expect(await revoke(now)).toBe(now + 61);
  });

  test('can be revoked repeatedly', async () => {
    const { signIn } = newUser();
    for (let count = 0; count < 2; count++)
      expect((await (await signIn()).delete('/api/me/tokens')).status).toBe(204);
  });
});

describe.concurrent('a deleted user', () => {
  test.each([
    ['without an idempotency key', {}],
    ['with an idempotency key', { 'Idempotency-Key': 'a-key' }],
  ])(
    'is not stored again by a request with a revoked token that a process still accepts, %s',
    async (_, headers) => {
      const { user, signIn } = newUser();
      const old = await signIn();
      await old.create();
      expect((await old.delete('/api/me')).status).toBe(204);
      // Processes notice a revocation a second later; this one is in the future.
      await administer(
        service.databaseUrl,
        `insert into token_revocations values ('${user}', now() + interval '1 hour', now() + interval '1 hour')`,
      );
      expect((await old.list()).status).toBe(200);
      const refused = await old.post<Problem>('/api/tasks', { title: 'Back' }, { headers });
      expect(refused.status).toBe(401);
      expect(refused.body.code).toBe('invalid-token');
      const stored = `select (select count(*) from users where id = '${user}')::integer as users`;
      expect(await administer(service.databaseUrl, stored)).toEqual([{ users: 0 }]);
    },
  );

  test('can be created again with a new token', async () => {
    const { signIn } = newUser();
    const old = await signIn();
    await old.create();
    await old.delete('/api/me/tokens');
    const fresh = await signIn();
    expect((await fresh.delete('/api/me')).status).toBe(204);
    expect((await old.post('/api/tasks', { title: 'Back' })).status).toBe(401);
    await fresh.create();
    expect((await fresh.list()).body.items).toHaveLength(1);
  });
});
