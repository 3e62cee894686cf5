import { createTasksClient } from '@tasks-api/client';
import { decodeProtectedHeader } from 'jose';
import { afterEach, expect, test, vi } from 'vitest';
import {
  type FrontendAuth,
  startApplication,
  startFrontendAuth,
} from '../../support/frontend-auth.ts';

const HOUR = 3_600_000;

afterEach(() => {
  vi.useRealTimers();
});

/** Moves the clock forward for tokens, keys and sessions. Sockets and timers are not affected. */
function passTime(milliseconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + milliseconds });
}

test('the signing key is rotated, and tokens signed with the old key stay valid', async () => {
  await using app = await startApplication({ KEY_ROTATION: '1h', TOKEN_LIFETIME: '3h' });
  const alice = await app.signUp('alice');
  const before = await alice.token();
  await expectAccepted(app.service.url, before);

  passTime(0.9 * HOUR);
  expect(kidOf(await alice.token())).toBe(kidOf(before));
  passTime(0.2 * HOUR);
  const after = await alice.token();
  expect(kidOf(after)).not.toBe(kidOf(before));
  await expectAccepted(app.service.url, after);
  await expectAccepted(app.service.url, before);
  expect(await published(app)).toContain(kidOf(before));
});

test('an old key is published until the last token signed with it has expired', async () => {
  await using app = await startFrontendAuth({ KEY_ROTATION: '1h', TOKEN_LIFETIME: '3h' });
  const alice = await app.signUp('alice');
  const first = kidOf(await alice.token());
  // The last token signed with it expires after four hours.
  passTime(4.5 * HOUR);
  const second = kidOf(await alice.token());
  expect(await published(app)).toEqual(expect.arrayContaining([first, second]));
  passTime(1 * HOUR);
  expect(await published(app)).toEqual([second]);
});

test('a token expires after its lifetime', async () => {
  await using app = await startApplication({ TOKEN_LIFETIME: '10m' });
  const alice = await app.signUp('alice');
  const token = await alice.token();
  await expectAccepted(app.service.url, token);
  passTime(HOUR / 6 + 6000);
  await expect(getUser(app.service.url, token)).rejects.toMatchObject({ code: 'token-expired' });
  await expectAccepted(app.service.url, await alice.token());
});

test('a session is extended while it is used, and expires a week after its last use', async () => {
  await using app = await startFrontendAuth();
  const [alice, away] = [await app.signUp('alice'), await app.signUp('away')];
  passTime(6 * 24 * HOUR);
  const { status, headers } = await alice.call('/token');
  expect(status).toBe(200);
  expect(headers.getSetCookie()).toEqual([expect.stringMatching(/session_token=.*Max-Age=604800/)]);
  // Listing the sessions does not require a recent session.
  expect((await alice.call('/list-sessions')).status).toBe(200);
  passTime(2 * 24 * HOUR);
  expect((await alice.call('/token')).status).toBe(200);
  expect((await away.call('/token')).status).toBe(401);
});

function kidOf(token: string): string {
  return String(decodeProtectedHeader(token).kid);
}

async function published(app: FrontendAuth): Promise<unknown[]> {
  const { body } = await app.call('/jwks');
  return (body['keys'] as { kid: string }[]).map(({ kid }) => kid);
}

function getUser(baseUrl: string, token: string) {
  return createTasksClient({ baseUrl, token: () => token }).getCurrentUser();
}

async function expectAccepted(baseUrl: string, token: string): Promise<void> {
  await expect(getUser(baseUrl, token)).resolves.toMatchObject({ name: 'alice' });
}
