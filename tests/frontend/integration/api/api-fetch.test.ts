import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createApiFetch, type ApiFetch } from '../../../../frontend/app/lib/api/api-fetch.ts';
import { createServiceClient } from '../../../../frontend/app/lib/api/service-client.ts';
import { SessionOverError } from '../../../../frontend/app/lib/api/session-over.ts';
import { createTokenSource, type TokenSource } from '../../../../frontend/app/lib/api/token.ts';
import { useFaultyServer } from '../../../support/faulty-server.ts';
import { useService } from '../../../support/service.ts';
import { expiredTokenOf, forgedTokenOf } from '../../../support/tokens.ts';
import { authEndpoint, type AuthEndpoint } from '../../support/auth-endpoint.ts';

const service = useService();
/** Counts what comes. */
const server = useFaultyServer(() => service.url);
let auth: AuthEndpoint;
let tokens: TokenSource;
let apiFetch: ApiFetch;
const onSessionOver = vi.fn();

beforeEach(() => {
  server.requests.length = 0;
  onSessionOver.mockClear();
  auth = authEndpoint('alice');
  tokens = createTokenSource({ fetch: auth.fetch, now: () => Date.now(), onSessionOver });
  tokens.begin('alice');
  apiFetch = apiFetchOf(server.url);
});

function apiFetchOf(serviceUrl: string, pageUrl = 'http://localhost:3000/tasks'): ApiFetch {
  return createApiFetch({ serviceUrl, pageUrl, tokens, fetch });
}

const tokenReply = async (token: Promise<string>) => Response.json({ token: await token });

describe('the token', () => {
  test('goes with every request, and is asked for once', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => apiFetch('/api/tasks')));
    expect(all.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(auth.asked).toHaveLength(1);
    expect((await apiFetch(new URL('/api/me', server.url))).status).toBe(200);
  });

  test.each([
    ['expired', expiredTokenOf],
    // As after a change of keys.
    ['refused', forgedTokenOf],
  ])('that is %s is replaced, and the request is sent once more', async (_, tokenOf) => {
    auth.answers.push(await tokenReply(tokenOf('alice')));
    const body = JSON.stringify({ title: 'Buy milk' });
    const headers = { 'Content-Type': 'application/json' };
    const response = await apiFetch('/api/tasks', { method: 'POST', headers, body });
    expect(response.status).toBe(201);
    expect(server.requests).toHaveLength(2);
    expect(auth.asked).toHaveLength(2);
  });

  test('that is refused again is told, and no end of the session', async () => {
    for (const _ of [1, 2]) auth.answers.push(await tokenReply(forgedTokenOf('alice')));
    expect((await apiFetch('/api/tasks')).status).toBe(401);
    expect(server.requests).toHaveLength(2);
    expect(onSessionOver).not.toHaveBeenCalled();
  });

  test('that cannot be replaced ends the session', async () => {
    auth.answers.push(await tokenReply(expiredTokenOf('alice')));
    auth.user = undefined;
    await expect(apiFetch('/api/tasks')).rejects.toThrow(SessionOverError);
    expect(onSessionOver).toHaveBeenCalledTimes(1);
  });

  test('does not go where nobody needs it', async () => {
    expect((await apiFetch('/livez')).status).toBe(200);
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
    expect(auth.asked).toEqual([]);
  });

  test.each([
    'https://elsewhere.example/api/tasks',
    'http://127.0.0.1:1/api/tasks',
    'https://127.0.0.1/api/tasks',
    'data:,/api/tasks',
  ])('does not leave to %s', async (address) => {
    await expect(apiFetch(address)).rejects.toThrow(TypeError);
    await expect(apiFetch(new URL(address))).rejects.toThrow(TypeError);
    expect(auth.asked).toEqual([]);
  });

  test('stays with a service that has a path, or the origin of the page', async () => {
    const below = apiFetchOf(`${server.url}/service/`);
    for (const address of ['/../api/tasks', `${server.url}/api/tasks`]) {
      await expect(below(address)).rejects.toThrow(TypeError);
    }
    expect((await below('/api/tasks')).status).toBe(404);
    expect(server.requests.map(({ line }) => line)).toEqual(['GET /service/api/tasks']);
    const same = apiFetchOf('/', `${server.url}/tasks`);
    expect((await same('/api/tasks')).status).toBe(200);
    expect((await same('//elsewhere.example/api/tasks')).status).toBe(404);
  });

  test('does not follow a redirection', async () => {
    const headers = { Location: `${service.url}/livez` };
    server.faults.push({ status: 307, headers });
    await expect(apiFetch('/api/tasks')).rejects.toThrow(TypeError);
    expect(server.requests).toHaveLength(1);
  });
});

describe('the client on top of it', () => {
  const clientOf = () => createServiceClient({ baseUrl: server.url, apiFetch, tokens });

  test('has tokens, and answers', async () => {
    const client = clientOf();
    const { id } = await client.createTask({ body: { title: 'Buy milk' } });
    expect(await client.getTask({ path: { id } })).toMatchObject({ title: 'Buy milk' });
    await client.getLiveness();
    expect(auth.asked).toHaveLength(1);
  });

  test('tells the end of the session as it is, at once, and leads away once for ten calls', async () => {
    const client = clientOf();
    auth.user = undefined;
    const calls = Array.from({ length: 10 }, () => client.listTasks());
    for (const call of calls) await expect(call).rejects.toThrow(SessionOverError);
    await expect(client.countTasks()).rejects.toThrow(SessionOverError);
    expect(onSessionOver).toHaveBeenCalledTimes(1);
    expect(auth.asked).toHaveLength(1);
    expect(server.requests).toEqual([]);
  });

  test('tells the end of the session that a refused token shows', async () => {
    const client = clientOf();
    auth.answers.push(await tokenReply(forgedTokenOf('alice')));
    auth.user = undefined;
    await expect(client.listTasks()).rejects.toThrow(SessionOverError);
    expect(server.requests).toHaveLength(1);
  });

  test('takes a Better Auth that does not answer for a fault of the network, and tries again', async () => {
    const client = clientOf();
    auth.answers.push(new TypeError('fetch failed'));
    await client.listTasks();
    expect(auth.asked).toHaveLength(2);
    const token = await tokens.token();
    server.faults.push({ status: 401 });
    auth.answers.push(...Array<Error>(4).fill(new TypeError('fetch failed')));
    await expect(client.listTasks()).rejects.toMatchObject({ code: 'network-error' });
    expect(await tokens.token()).not.toBe(token);
  });
});
