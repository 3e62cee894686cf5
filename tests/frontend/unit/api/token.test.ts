import { beforeEach, expect, test, vi } from 'vitest';
import { SessionOverError } from '../../../../frontend/app/lib/api/session-over.ts';
import { createTokenSource, type TokenSource } from '../../../../frontend/app/lib/api/token.ts';
import { tokenOf } from '../../../support/tokens.ts';
import { authEndpoint, type AuthEndpoint } from '../../support/auth-endpoint.ts';

const MINUTE = 60_000;
let time: number;
let auth: AuthEndpoint;
let tokens: TokenSource;
const onSessionOver = vi.fn();

beforeEach(() => {
  time = 0;
  onSessionOver.mockClear();
  auth = authEndpoint('alice');
  tokens = createTokenSource({ fetch: auth.fetch, now: () => time, onSessionOver });
  tokens.begin('alice');
});

/** Claims of a token that lives for so many seconds. */
function living(seconds: number) {
  const iat = Math.floor(Date.now() / 1000);
  return { iat, exp: iat + seconds };
}

test('many who ask get one token by one request, which serves until it is old', async () => {
  const all = await Promise.all(Array.from({ length: 10 }, () => tokens.token()));
  expect(new Set(all).size).toBe(1);
  expect(auth.asked).toEqual(['/api/auth/token']);
  time += 10 * MINUTE;
  expect(await tokens.token()).toBe(all[0]);
  expect(auth.asked).toHaveLength(1);
});

test.each([
  { life: 600, uses: 540 },
  { life: 40, uses: 30 },
  // A session that was ended elsewhere is noticed in time.
  { life: 7 * 24 * 3600, uses: 900 },
])(
  'a token of $life s is renewed after $uses s, whatever the clock shows',
  async ({ life, uses }) => {
    time = 1e15;
    auth.claims = living(life);
    const first = await tokens.token();
    time += uses * 1000 - 1;
    expect(await tokens.token()).toBe(first);
    time += 1;
    expect(await tokens.token()).not.toBe(first);
    expect(auth.asked).toHaveLength(2);
  },
);

test('a refused token is renewed once for all whom it was refused', async () => {
  const first = await tokens.token();
  const all = await Promise.all(Array.from({ length: 10 }, () => tokens.renew(first)));
  expect(new Set(all).size).toBe(1);
  expect(all[0]).not.toBe(first);
  expect(await tokens.renew(first)).toBe(all[0]);
  expect(auth.asked).toHaveLength(2);
});

test('while Better Auth does not answer, the old token does as long as it lives', async () => {
  auth.claims = living(600);
  const first = await tokens.token();
  time = 9.5 * MINUTE;
  auth.answers.push(new TypeError('fetch failed'), Response.json({}, { status: 503 }));
  expect(await tokens.token()).toBe(first);
  expect(await tokens.token()).toBe(first);
  expect(onSessionOver).not.toHaveBeenCalled();
  time = 10 * MINUTE;
  auth.answers.push(new TypeError('fetch failed'));
  await expect(tokens.token()).rejects.toThrow('fetch failed');
  expect(await tokens.token()).not.toBe(first);
});

test('without a session it is over for all, told once, and nobody asks again', async () => {
  auth.user = undefined;
  const all = await Promise.allSettled(Array.from({ length: 10 }, () => tokens.token()));
  for (const outcome of all)
    expect(outcome).toMatchObject({ reason: { name: 'SessionOverError' } });
  await expect(tokens.token()).rejects.toThrow(SessionOverError);
  await expect(tokens.renew('old')).rejects.toThrow(SessionOverError);
  expect(tokens.isOver()).toBe(true);
  expect(onSessionOver).toHaveBeenCalledTimes(1);
  expect(auth.asked).toHaveLength(1);
});

test("another user's session is not taken", async () => {
  const first = await tokens.token();
  auth.user = 'bob';
  await expect(tokens.renew(first)).rejects.toThrow(SessionOverError);
  expect(onSessionOver).toHaveBeenCalledTimes(1);
  tokens.begin('bob');
  expect(await tokens.token()).not.toBe(first);
});

test('a reply that comes after the end is not kept, and tells nothing', async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  auth.answers.push(promise);
  const late = tokens.token();
  tokens.begin('bob');
  auth.user = 'bob';
  const own = await tokens.token();
  resolve(Response.json({ token: await tokenOf('alice') }));
  await late;
  expect(await tokens.token()).toBe(own);
  tokens.end();
  await expect(tokens.token()).rejects.toThrow(SessionOverError);
  expect(onSessionOver).not.toHaveBeenCalled();
});

test.each([
  ['no token', Response.json({})],
  ['something else', new Response('<p>Hello</p>')],
  ['a token that is none', Response.json({ token: 'nonsense' })],
])('%s is an error, and no end of the session', async (_, answer) => {
  auth.answers.push(answer);
  await expect(tokens.token()).rejects.not.toThrow(SessionOverError);
  expect(tokens.isOver()).toBe(false);
  await tokens.token();
});
