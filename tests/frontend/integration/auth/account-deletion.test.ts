import { createTasksClient } from '@tasks-api/client';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import { administer } from '../../../support/server.ts';
import {
  type Application,
  PASSWORD,
  startApplication,
  startFrontendAuth,
} from '../../support/frontend-auth.ts';

let app: Application;

beforeAll(async () => {
  app = await startApplication();
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

async function signUpWithTask(name: string) {
  const user = await app.signUp(name);
  const tasks = createTasksClient({ baseUrl: app.service.url, token: user.token });
  await tasks.createTask({ body: { title: `Task of ${name}` } });
  return user;
}

const titles = () => administer(app.service.databaseUrl, 'select title from tasks order by title');

test('deletes the account with its sessions, and the tasks in the service', async () => {
  const alice = await signUpWithTask('alice');
  await signUpWithTask('bob');
  const elsewhere = await app.signIn(alice.email);

  const response = await alice.call('/delete-user', { body: { password: PASSWORD } });
  expect(response).toMatchObject({ status: 200, body: { success: true } });
  expect(response.headers.getSetCookie().join()).toMatch(/session_token=;.*Max-Age=0/);
  expect(await titles()).toEqual([{ title: 'Task of bob' }]);
  expect(await app.rows('select name from auth."user"')).toEqual([{ name: 'bob' }]);
  expect(await app.rows('select 1 from auth.account')).toHaveLength(1);
  expect((await alice.call('/token')).status).toBe(401);
  expect((await elsewhere.call('/token')).status).toBe(401);
});

test('leaves no token that creates or reads tasks', async () => {
  const erin = await signUpWithTask('erin');
  const token = await erin.token();
  expect((await erin.call('/delete-user', { body: { password: PASSWORD } })).status).toBe(200);
  const tasks = createTasksClient({ baseUrl: app.service.url, token: () => token });
  const rejected = { status: 401, code: 'invalid-token' };
  await expect(tasks.createTask({ body: { title: 'After' } })).rejects.toMatchObject(rejected);
  await expect(tasks.listTasks()).rejects.toMatchObject(rejected);
  expect(await titles()).not.toContainEqual({ title: 'After' });
});

test('deletes what another browser stores while the account is being deleted', async () => {
  const frank = await signUpWithTask('frank');
  const elsewhere = await app.signIn(frank.email);
  const tasks = createTasksClient({ baseUrl: app.service.url, token: elsewhere.token });
  const blocker = new Client(app.databaseUrl);
  await blocker.connect();
  // Reading is allowed.
  await blocker.query('begin; lock table auth.session in share mode');
  const deleting = frank.call('/delete-user', { body: { password: PASSWORD } });
  try {
    await eventually(async () => {
      expect(await titles()).not.toContainEqual({ title: 'Task of frank' });
    });
    await eventually(async () => {
      await tasks.createTask({ body: { title: 'Added late' } });
    });
  } finally {
    await blocker.end();
  }
  expect((await deleting).status).toBe(200);
  expect(await titles()).not.toContainEqual({ title: 'Added late' });
});

test('requires the password, also in a recent session', async () => {
  const carol = await signUpWithTask('carol');
  const attempts = [
    [{}, 'PASSWORD_REQUIRED'],
    [{ password: '' }, 'PASSWORD_REQUIRED'],
    [{ password: null }, 'PASSWORD_REQUIRED'],
    [{ password: 'a wrong horse battery' }, 'INVALID_PASSWORD'],
  ] as const;
  for (const [body, code] of attempts) {
    const response = await carol.call('/delete-user', { body });
    expect(response).toMatchObject({ status: 400, body: { code } });
  }
  expect(await titles()).toContainEqual({ title: 'Task of carol' });
  expect((await carol.call('/token')).status).toBe(200);
});

test('keeps the account if the service is unreachable, and responds with 503', async () => {
  await using alone = await startFrontendAuth();
  const dave = await alone.signUp('dave');
  expect(await dave.call('/delete-user', { body: { password: PASSWORD } })).toMatchObject({
    status: 503,
    body: { code: 'TASKS_NOT_DELETED' },
  });
  expect((await dave.call('/token')).status).toBe(200);
  expect(await alone.signIn(dave.email)).toHaveProperty('cookies');

  // Ending the other sessions does not fail silently either.
  const elsewhere = await alone.signIn(dave.email);
  expect(await dave.call('/revoke-other-sessions', { body: {} })).toMatchObject({
    status: 503,
    body: { code: 'TOKENS_NOT_REVOKED' },
  });
  expect((await elsewhere.call('/token')).status).toBe(401);
  expect((await dave.call('/token')).status).toBe(200);
});
