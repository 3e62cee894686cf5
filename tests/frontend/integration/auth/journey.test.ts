import { decodeJwt, decodeProtectedHeader } from 'jose';
import { createTasksClient } from '@tasks-api/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Application,
  type FrontendAuth,
  PASSWORD,
  startApplication,
} from '../../support/frontend-auth.ts';

const NEW_PASSWORD = 'another horse battery';

describe.each(['EdDSA', 'HS256'])('with tokens signed by %s', (algorithm) => {
  let app: Application;

  beforeAll(async () => {
    app = await startApplication({ TOKEN_ALGORITHM: algorithm });
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
  });

  const tasksOf = (user: { token: () => Promise<string> }) =>
    createTasksClient({ baseUrl: app.service.url, token: user.token });

  const expectRevoked = (token: string) =>
    expect(tasksOf({ token: () => Promise.resolve(token) }).listTasks()).rejects.toMatchObject({
      code: 'invalid-token',
    });

  test('a new user has tasks of their own in the service', async () => {
    const [alice, bob] = [await app.signUp('alice'), await app.signUp('bob')];
    await tasksOf(alice).createTask({ body: { title: 'Buy milk' } });
    const mine = await tasksOf(alice).listTasks();
    expect(mine.items.map(({ title, user_id }) => [title, user_id])).toEqual([
      ['Buy milk', alice.id],
    ]);
    expect((await tasksOf(bob).listTasks()).items).toEqual([]);
    expect(await tasksOf(bob).getCurrentUser()).toEqual({
      id: bob.id,
      email: bob.email,
      name: 'bob',
    });
  });

  test('a token identifies the user and contains nothing else', async () => {
    const carol = await app.signUp('carol');
    const token = await carol.token();
    const claims = decodeJwt(token);
    expect(claims).toEqual({
      sub: carol.id,
      email: carol.email,
      name: 'carol',
      iss: app.url,
      aud: app.url,
      iat: expect.any(Number) as number,
      exp: (claims.iat ?? 0) + 7 * 86_400,
    });
    expect(decodeProtectedHeader(token).alg).toBe(algorithm);
    expect(carol.id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
  });

  test('public keys are published only for EdDSA', async () => {
    const { status, body } = await app.call('/jwks');
    if (algorithm === 'HS256') expect(status).toBe(404);
    else expect(body['keys']).toMatchObject([{ alg: 'EdDSA', crv: 'Ed25519' }]);
    expect(JSON.stringify(body)).not.toMatch(/"d":/);
  });

  test('no token is issued without a session', async () => {
    expect(await app.call('/token')).toMatchObject({ status: 401, body: { code: 'UNAUTHORIZED' } });
    const dave = await app.signUp('dave');
    const forged = dave.cookies.replace(/\.[^.]*$/, `.${'A'.repeat(43)}%3D`);
    expect(await app.call('/token', { headers: { Cookie: forged } })).toMatchObject({
      status: 401,
    });
    await dave.call('/sign-out', { body: {} });
    expect(await dave.call('/token')).toMatchObject({ status: 401 });
  });

  test('the tasks are the same after signing in again', async () => {
    const erin = await app.signUp('erin');
    await tasksOf(erin).createTask({ body: { title: 'Buy bread' } });
    const elsewhere = await app.signIn(erin.email.toUpperCase());
    expect((await tasksOf(elsewhere).listTasks()).items).toHaveLength(1);
  });

  test('sessions are listed and can be ended from another one', async () => {
    const frank = await app.signUp('frank');
    const [second, third] = [await app.signIn(frank.email), await app.signIn(frank.email)];
    const sessions = await list(frank);
    expect(sessions).toHaveLength(3);
    const current = await second.call('/get-session');
    const { token } = current.body['session'] as { token: string };
    expect(sessions.map((session) => session.token)).toContain(token);
    const copied = await second.token();
    await frank.call('/revoke-session', { body: { token } });
    await expectRevoked(copied);
    expect((await second.call('/token')).status).toBe(401);
    expect((await third.call('/token')).status).toBe(200);
    const [stolen, older] = [await third.token(), await frank.token()];
    await frank.call('/revoke-other-sessions', { body: {} });
    await expectRevoked(stolen);
    await expectRevoked(older);
    await expect(tasksOf(frank).listTasks()).resolves.toHaveProperty('items');
    expect((await third.call('/token')).status).toBe(401);
    expect(await list(frank)).toHaveLength(1);
  });

  test('a user cannot end the session of another user', async () => {
    const [grace, heidi] = [await app.signUp('grace'), await app.signUp('heidi')];
    const [session] = await list(grace);
    await heidi.call('/revoke-session', { body: { token: session?.token } });
    await heidi.call('/revoke-other-sessions', { body: {} });
    expect((await grace.call('/token')).status).toBe(200);
  });

  test('a session that was not ended keeps its access with a new token', async () => {
    const judy = await app.signUp('judy');
    const elsewhere = await app.signIn(judy.email);
    const changed = await judy.call('/change-password', {
      body: { currentPassword: PASSWORD, newPassword: NEW_PASSWORD },
    });
    expect(changed.status).toBe(200);
    for (const session of [judy, elsewhere])
      await expect(tasksOf(session).listTasks()).resolves.toHaveProperty('items');
  });

  test('a failed request revokes nothing', async () => {
    const kim = await app.signUp('kim');
    const token = await kim.token();
    await kim.call('/change-password', {
      body: { currentPassword: 'a wrong horse battery', newPassword: NEW_PASSWORD },
    });
    await kim.call('/revoke-session', { headers: { Cookie: '' }, body: { token: 'none' } });
    const tasks = tasksOf({ token: () => Promise.resolve(token) });
    await expect(tasks.listTasks()).resolves.toHaveProperty('items');
  });

  test('changing the password ends the other sessions and invalidates the old password', async () => {
    const ivan = await app.signUp('ivan');
    const elsewhere = await app.signIn(ivan.email);
    const copied = await elsewhere.token();
    const changed = await ivan.call('/change-password', {
      body: { currentPassword: PASSWORD, newPassword: NEW_PASSWORD, revokeOtherSessions: true },
    });
    expect(changed.status).toBe(200);
    await expectRevoked(copied);
    expect((await elsewhere.call('/token')).status).toBe(401);
    const signIn = (password: string) =>
      app.call('/sign-in/email', { body: { email: ivan.email, password } });
    expect(await signIn(PASSWORD)).toMatchObject({
      status: 401,
      body: { code: 'INVALID_EMAIL_OR_PASSWORD' },
    });
    expect((await signIn(NEW_PASSWORD)).status).toBe(200);
  });
});

async function list(user: { call: FrontendAuth['call'] }) {
  const { status, body } = await user.call('/list-sessions');
  expect(status).toBe(200);
  return body as unknown as { readonly token: string }[];
}
