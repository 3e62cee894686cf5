import { beforeEach, expect, test, vi } from 'vitest';
import { SessionEndedError } from '../../../../frontend/app/lib/api/session-ended-error.ts';
import { createTokenSource, type TokenSource } from '../../../../frontend/app/lib/api/token.ts';
import { tokenOf } from '../../../support/tokens.ts';
import { authEndpoint, type AuthEndpoint } from '../../support/auth-endpoint.ts';

const MINUTE = 60_000;
let time: number;
let auth: AuthEndpoint;
let tokens: TokenSource;
const onSessionEnded = vi.fn();

beforeEach(() => {
  time = 0;
  onSessionEnded.mockClear();
  auth = authEndpoint('alice');
  tokens = createTokenSource({ fetch: auth.fetch, now: () => time, onSessionEnded });
  tokens.begin('alice');
});

/** The claims of a token with a lifetime in seconds. */
function lifetimeOf(seconds: number) {
  const iat = Math.floor(Date.now() / 1000);
  return { iat, exp: iat + seconds };
}

test('concurrent calls share one request, and its token is cached until it is due for renewal', async () => {
  const all = await Promise.all(Array.from({ length: 10 }, () => tokens.token()));
  expect(new Set(all).size).toBe(1);
  expect(auth.requests).toEqual(['/api/auth/token']);
  time += 10 * MINUTE;
  expect(await tokens.token()).toBe(all[0]);
  expect(auth.requests).toHaveLength(1);
});

test.each([
  { life: 600, uses: 540 },
  { life: 40, uses: 30 },
  // So that a session that was ended elsewhere is noticed.
  { life: 7 * 24 * 3600, uses: 900 },
])(
  'a token with a lifetime of $life s is renewed after $uses s, whatever the clock shows',
  async ({ life, uses }) => {
    time = 1e15;
    auth.claims = lifetimeOf(life);
    const first = await tokens.token();
    time += uses * 1000 - 1;
    expect(await tokens.token()).toBe(first);
    time += 1;
    expect(await tokens.token()).not.toBe(first);
    expect(auth.requests).toHaveLength(2);
  },
);

test('after forget(), a new token is requested', async () => {
  const first = await tokens.token();
  tokens.forget();
  expect(await tokens.token()).not.toBe(first);
  expect(auth.requests).toHaveLength(2);
});

test('a rejected token is renewed once for all calls that it was rejected for', async () => {
  const first = await tokens.token();
  const all = await Promise.all(Array.from({ length: 10 }, () => tokens.renew(first)));
  expect(new Set(all).size).toBe(1);
  expect(all[0]).not.toBe(first);
  expect(await tokens.renew(first)).toBe(all[0]);
  expect(auth.requests).toHaveLength(2);
});

test('while Better Auth is unreachable, the old token is used until it expires', async () => {
  auth.claims = lifetimeOf(600);
  const first = await tokens.token();
  time = 9.5 * MINUTE;
  auth.responses.push(new TypeError('fetch failed'), Response.json({}, { status: 503 }));
  expect(await tokens.token()).toBe(first);
  expect(await tokens.token()).toBe(first);
  expect(onSessionEnded).not.toHaveBeenCalled();
  time = 10 * MINUTE;
  auth.responses.push(new TypeError('fetch failed'));
  await expect(tokens.token()).rejects.toThrow('fetch failed');
  expect(await tokens.token()).not.toBe(first);
});

test('without a session all calls are rejected, the callback is called once, and no further request is sent', async () => {
  auth.user = undefined;
  const all = await Promise.allSettled(Array.from({ length: 10 }, () => tokens.token()));
  for (const outcome of all)
    expect(outcome).toMatchObject({ reason: { name: 'SessionEndedError' } });
  await expect(tokens.token()).rejects.toThrow(SessionEndedError);
  await expect(tokens.renew('old')).rejects.toThrow(SessionEndedError);
  expect(tokens.hasEnded()).toBe(true);
  expect(onSessionEnded).toHaveBeenCalledTimes(1);
  expect(auth.requests).toHaveLength(1);
});

test("another user's session is not accepted", async () => {
  const first = await tokens.token();
  auth.user = 'bob';
  await expect(tokens.renew(first)).rejects.toThrow(SessionEndedError);
  expect(onSessionEnded).toHaveBeenCalledTimes(1);
  tokens.begin('bob');
  expect(await tokens.token()).not.toBe(first);
});

test('a response that arrives after the end of the session is not cached', async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  auth.responses.push(promise);
  const late = tokens.token();
  tokens.begin('bob');
  auth.user = 'bob';
  const own = await tokens.token();
  resolve(Response.json({ token: await tokenOf('alice') }));
  await late;
  expect(await tokens.token()).toBe(own);
  expect(onSessionEnded).not.toHaveBeenCalled();
});

test('while the session is being ended, calls wait, and then fail without the callback', async () => {
  const { promise: signOut, resolve } = Promise.withResolvers<undefined>();
  const first = await tokens.token();
  // This one finds that the session has ended.
  const { promise: response, resolve: respond } = Promise.withResolvers<Response>();
  auth.responses.push(response);
  const early = tokens.renew(first);
  await vi.waitFor(() => {
    expect(auth.requests).toHaveLength(2);
  });

  const ended = tokens.endBy(() => signOut);
  const late = Promise.allSettled([early, tokens.token(), tokens.renew(first)]);
  respond(Response.json({}, { status: 401 }));
  resolve(undefined);
  await ended;
  for (const outcome of await late)
    expect(outcome).toMatchObject({ reason: { name: 'SessionEndedError' } });
  await expect(tokens.token()).rejects.toThrow(SessionEndedError);
  expect(auth.requests).toHaveLength(2);
  expect(onSessionEnded).not.toHaveBeenCalled();
  tokens.begin('bob');
  auth.user = 'bob';
  await tokens.token();
});

test('the session is ended after the response to a request for a token, which would otherwise be refused', async () => {
  const { promise: response, resolve: respond } = Promise.withResolvers<Response>();
  auth.responses.push(response);
  const early = tokens.token();
  const signOut = vi.fn(() => Promise.resolve());
  const ended = tokens.endBy(signOut);
  await new Promise(setImmediate);
  expect(signOut).not.toHaveBeenCalled();

  const token = await tokenOf('alice');
  respond(Response.json({ token }));
  expect(await early).toBe(token);
  await ended;
  expect(signOut).toHaveBeenCalledOnce();
});

test('if the session cannot be ended, the calls that waited continue', async () => {
  const { promise: signOut, reject } = Promise.withResolvers<undefined>();
  const first = await tokens.token();
  const ended = tokens.endBy(() => signOut);
  const waiting = [tokens.token(), tokens.renew(first)];
  reject(new TypeError('fetch failed'));
  await expect(ended).rejects.toThrow('fetch failed');
  const [same, renewed] = await Promise.all(waiting);
  expect([same, renewed === first]).toEqual([first, false]);
});

test.each([
  ['no token', Response.json({})],
  ['a response that is not JSON', new Response('<p>Hello</p>')],
  ['a malformed token', Response.json({ token: 'nonsense' })],
])('%s is an error, but does not end the session', async (_, response) => {
  auth.responses.push(response);
  await expect(tokens.token()).rejects.not.toThrow(SessionEndedError);
  expect(tokens.hasEnded()).toBe(false);
  await tokens.token();
});
