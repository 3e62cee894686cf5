import { describe, expect, test } from 'vitest';
import { createClient, type ApiResponse } from '../support/client.ts';
import { useService } from '../support/service.ts';
import { expiredTokenOf, forgedTokenOf, tokenOf } from '../support/tokens.ts';

const LIMIT = 3;
const limits = { RATE_LIMIT: String(LIMIT), AUTH_FAILURE_LIMIT: String(LIMIT) };

/** The parts of a `RateLimit` or `RateLimit-Policy` field, such as `{ name: 'user', r: 2, t: 60 }`. */
function fieldOf({ headers }: ApiResponse, name: string): Record<string, string | number> {
  const [quoted = '', ...parts] = (headers.get(name) ?? '').split(';');
  const numbers = parts.map((part) => part.split('=') as [string, string]);
  return {
    name: quoted.replaceAll('"', ''),
    ...Object.fromEntries(numbers.map(([key, value]) => [key, Number(value)])),
  };
}

/** Sends requests one after the other, and returns their statuses. */
async function statusesOf(count: number, send: () => Promise<ApiResponse>): Promise<number[]> {
  const statuses = [];
  for (let sent = 0; sent < count; sent++) statuses.push((await send()).status);
  return statuses;
}

const times = (count: number, status: number) => Array.from({ length: count }, () => status);

describe('requests of a user', () => {
  const service = useService(limits);

  test('are limited, independently of other users', async () => {
    const alice = createClient(service.url, await tokenOf('alice'));
    const bob = createClient(service.url, await tokenOf('bob'));
    for (const remaining of [2, 1, 0]) {
      const response = await alice.get('/api/me');
      expect(fieldOf(response, 'RateLimit')).toEqual({
        name: 'user',
        r: remaining,
        t: expect.toSatisfy((seconds: number) => seconds >= 1 && seconds <= 60) as number,
      });
      expect(fieldOf(response, 'RateLimit-Policy')).toEqual({ name: 'user', q: LIMIT, w: 60 });
    }
    const refused = await alice.get('/api/me');
    expect(refused.body).toMatchObject({ status: 429, code: 'rate-limited' });
    const { r, t } = fieldOf(refused, 'RateLimit');
    expect(r).toBe(0);
    expect(Number(refused.headers.get('retry-after'))).toBe(t);
    expect((await bob.get('/api/me')).status).toBe(200);
    await expect.poll(() => service.log.join()).toContain('"event":"rate-limited"');
  });

  test('count together, for all tokens, operations and results', async () => {
    const client = createClient(service.url);
    const asCarol = async () => ({ token: await tokenOf('carol', { jti: crypto.randomUUID() }) });
    expect((await client.get('/api/tasks/1', await asCarol())).status).toBe(422);
    expect((await client.get('/api/dave/tasks', await asCarol())).status).toBe(403);
    expect((await client.post('/api/tasks', '{', await asCarol())).status).toBe(400);
    expect((await client.get('/api/me', await asCarol())).status).toBe(429);
  });

  test('are rejected before their body is read', async () => {
    const client = createClient(service.url, await tokenOf('erin'));
    await statusesOf(LIMIT, () => client.get('/api/me'));
    expect((await client.post('/api/tasks', ' '.repeat(100_000))).status).toBe(429);
  });

  test.each(['/livez', '/readyz', '/openapi.json', '/nope'])('%s has no limit', async (path) => {
    const client = createClient(service.url, await tokenOf('frank'));
    const statuses = await statusesOf(3 * LIMIT, () => client.get(path));
    expect(statuses).not.toContain(429);
    expect((await client.get(path)).headers.has('RateLimit')).toBe(false);
  });
});

describe('rejected tokens of an address', () => {
  const service = useService({
    ...limits,
    RATE_LIMIT: '0',
    TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8',
  });
  const from = (address: string, token: string | null) =>
    createClient(service.url).get('/api/me', { token, headers: { 'X-Forwarded-For': address } });

  test('are limited, cached or not, independently of other addresses', async () => {
    const forged = await forgedTokenOf('alice');
    expect(await statusesOf(LIMIT, () => from('192.0.2.1', forged))).toEqual(times(LIMIT, 401));
    const refused = await from('192.0.2.1', forged);
    expect(refused.body).toMatchObject({ status: 429, code: 'rate-limited' });
    expect(fieldOf(refused, 'RateLimit')).toMatchObject({ name: 'invalid-token', r: 0 });
    expect((await from('192.0.2.1', 'x.y.z')).status).toBe(429);
    expect((await from('192.0.2.2', forged)).status).toBe(401);
  });

  test('do not affect callers with a cached token or requests without a token', async () => {
    const known = await tokenOf('alice');
    expect((await from('192.0.2.3', known)).status).toBe(200);
    const expired = await expiredTokenOf('bob');
    expect(await statusesOf(LIMIT, () => from('192.0.2.3', expired))).toEqual(times(LIMIT, 401));
    expect((await from('192.0.2.3', known)).status).toBe(200);
    expect((await from('192.0.2.3', await tokenOf('carol'))).status).toBe(429);
    expect((await from('192.0.2.3', null)).status).toBe(401);
  });

  test('count for the address that the nearest trusted proxy reports', async () => {
    const send = (forged: number) => from(`203.0.113.${forged}, 192.0.2.4`, 'x.y.z');
    let sent = 0;
    await statusesOf(LIMIT, () => send(sent++));
    expect((await send(sent)).status).toBe(429);
  });

  test('count for an address with a port, behind two proxies', async () => {
    let port = 1024;
    const send = () => from(`198.51.100.1:${port++}, 10.0.0.2:${port++}`, 'x.y.z');
    expect(await statusesOf(LIMIT + 1, send)).toEqual([...times(LIMIT, 401), 429]);
    expect((await from('198.51.100.2, 10.0.0.2:1024', 'x.y.z')).status).toBe(401);
  });

  test('count for the whole network of an IPv6 client', async () => {
    let sent = 0;
    await statusesOf(LIMIT, () => from(`2001:db8::${(++sent).toString(16)}`, 'x.y.z'));
    expect((await from('2001:db8:0:0:ffff::', 'x.y.z')).status).toBe(429);
    expect((await from('2001:db8:0:1::1', 'x.y.z')).status).toBe(401);
  });
});

describe('without trusted proxies', () => {
  const service = useService(limits);

  test('X-Forwarded-For is ignored', async () => {
    let sent = 0;
    const client = createClient(service.url, 'x.y.z');
    const send = () =>
      client.get('/api/me', { headers: { 'X-Forwarded-For': `192.0.2.${sent++}` } });
    expect(await statusesOf(LIMIT + 1, send)).toEqual([...times(LIMIT, 401), 429]);
  });
});

describe('without limits', () => {
  const service = useService();

  test('responses have no rate-limit headers', async () => {
    const { headers } = await createClient(service.url, await tokenOf('alice')).get('/api/me');
    expect([...headers.keys()].filter((name) => name.startsWith('ratelimit'))).toEqual([]);
  });
});
