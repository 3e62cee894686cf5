import { expect, onTestFinished, test, vi } from 'vitest';
import { PASSWORD, startApplication, startFrontendAuth } from '../../support/frontend-auth.ts';

/** Collects the audit lines that are logged until the end of the test. */
function auditLines() {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  onTestFinished(() => {
    write.mockRestore();
  });
  return () =>
    write.mock.calls
      .map(([line]) => JSON.parse(String(line)) as Record<string, unknown>)
      .filter(({ msg }) => msg === 'audit');
}

const NEW_PASSWORD = 'another horse battery';
const from = { client_address: '127.0.0.1' };

test('sign-ins and changes of an account are logged with the user id and the client address', async () => {
  await using app = await startApplication();
  const lines = auditLines();
  const alice = await app.signUp('alice');
  const guess = { email: alice.email, password: 'a wrong horse battery' };
  expect((await app.call('/sign-in/email', { body: guess })).status).toBe(401);
  const other = await app.signIn(alice.email);
  const { body } = await other.call('/get-session');
  const { token } = body['session'] as { token: string };
  const steps = [
    ['/revoke-session', { token }],
    ['/revoke-other-sessions', {}],
    ['/change-password', { currentPassword: 'a wrong horse battery', newPassword: NEW_PASSWORD }],
    ['/change-password', { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }],
    ['/delete-user', { password: NEW_PASSWORD }],
  ] as const;
  for (const [path, body] of steps) await alice.call(path, { body });
  await alice.call('/token');

  const common = { level: 'info', time: expect.any(String) as unknown, msg: 'audit', ...from };
  const success = (event: string, path: string) => ({ ...common, event, path, user_id: alice.id });
  expect(lines()).toEqual([
    success('signed-up', '/sign-up/email'),
    {
      ...common,
      event: 'sign-in-failed',
      path: '/sign-in/email',
      code: 'INVALID_EMAIL_OR_PASSWORD',
    },
    success('sign-in-succeeded', '/sign-in/email'),
    success('sessions-revoked', '/revoke-session'),
    success('sessions-revoked', '/revoke-other-sessions'),
    success('password-changed', '/change-password'),
    success('account-deleted', '/delete-user'),
  ]);
});

test('a change is logged also if the tokens in the service could not be revoked', async () => {
  await using app = await startFrontendAuth();
  const alice = await app.signUp('alice');
  const lines = auditLines();
  const response = await alice.call('/revoke-other-sessions', { body: {} });
  expect(response.body).toMatchObject({ code: 'TOKENS_NOT_REVOKED' });
  expect(lines()).toMatchObject([{ event: 'sessions-revoked', user_id: alice.id, ...from }]);
});

test('a client that exceeds the rate limit is logged', async () => {
  await using app = await startFrontendAuth({ AUTH_RATE_LIMIT: '1' });
  const lines = auditLines();
  const body = { email: 'alice@example.com', password: PASSWORD };
  for (const status of [401, 429]) {
    expect((await app.call('/sign-in/email', { body })).status).toBe(status);
  }
  expect(lines()).toMatchObject([
    { event: 'sign-in-failed' },
    { event: 'rate-limited', path: '/sign-in/email', ...from },
  ]);
});

test('a request of a page of another origin is logged', async () => {
  await using app = await startFrontendAuth();
  const lines = auditLines();
  const path = '/sign-in/email';
  const [body, origin] = [
    { email: 'alice@example.com', password: PASSWORD },
    'https://other.example',
  ];
  expect((await app.call(path, { body, headers: { Origin: origin } })).status).toBe(403);
  expect(lines()).toMatchObject([{ event: 'origin-rejected', path, origin, ...from }]);
});
