import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createApiFetch, type ApiFetch } from '../../../../frontend/app/lib/api/api-fetch.ts';
import { createServiceClient } from '../../../../frontend/app/lib/api/service-client.ts';
import { SessionEndedError } from '../../../../frontend/app/lib/api/session-ended-error.ts';
import { createTokenSource, type TokenSource } from '../../../../frontend/app/lib/api/token.ts';
import { useFaultyServer } from '../../../support/faulty-server.ts';
import { useService } from '../../../support/service.ts';
import { expiredTokenOf, forgedTokenOf } from '../../../support/tokens.ts';
import { authEndpoint, type AuthEndpoint } from '../../support/auth-endpoint.ts';

const service = useService();
/** Records the requests. */
const server = useFaultyServer(() => service.url);
let auth: AuthEndpoint;
let tokens: TokenSource;
let apiFetch: ApiFetch;
const onSessionEnded = vi.fn();

beforeEach(() => {
  server.requests.length = 0;
  onSessionEnded.mockClear();
  auth = authEndpoint('alice');
  tokens = createTokenSource({ fetch: auth.fetch, now: () => Date.now(), onSessionEnded });
  tokens.begin('alice');
  apiFetch = apiFetchOf(server.url);
});

function apiFetchOf(serviceUrl: string, pageUrl = 'http://localhost:3000/tasks'): ApiFetch {
  return createApiFetch({ serviceUrl, pageUrl, tokens, fetch });
}

const tokenResponse = async (token: Promise<string>) => Response.json({ token: await token });

describe('the token', () => {
  test('is sent with every request, and fetched once', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => apiFetch('/api/tasks')));
    expect(all.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(auth.requests).toHaveLength(1);
    expect((await apiFetch(new URL('/api/me', server.url))).status).toBe(200);
  });

  test.each([
    ['expired', expiredTokenOf],
    // As after a key rotation.
    ['rejected', forgedTokenOf],
  ])('that is %s is renewed, and the request is retried once', async (_, tokenOf) => {
    auth.responses.push(await tokenResponse(tokenOf('alice')));
    const body = JSON.stringify({ title: 'Buy milk' });
    const headers = { 'Content-Type': 'application/json' };
    const response = await apiFetch('/api/tasks', { method: 'POST', headers, body });
    expect(response.status).toBe(201);
    expect(server.requests).toHaveLength(2);
    expect(auth.requests).toHaveLength(2);
  });

  test('that is rejected twice leads to a 401 response, but does not end the session', async () => {
    for (const _ of [1, 2]) auth.responses.push(await tokenResponse(forgedTokenOf('alice')));
    expect((await apiFetch('/api/tasks')).status).toBe(401);
    expect(server.requests).toHaveLength(2);
    expect(onSessionEnded).not.toHaveBeenCalled();
  });

  test('that cannot be renewed ends the session', async () => {
    auth.responses.push(await tokenResponse(expiredTokenOf('alice')));
    auth.user = undefined;
    await expect(apiFetch('/api/tasks')).rejects.toThrow(SessionEndedError);
    expect(onSessionEnded).toHaveBeenCalledTimes(1);
  });

  test('is not sent to public endpoints', async () => {
    expect((await apiFetch('/livez')).status).toBe(200);
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
    expect(auth.requests).toEqual([]);
  });

  test.each([
    'https://elsewhere.example/api/tasks',
    'http://127.0.0.1:1/api/tasks',
    'https://127.0.0.1/api/tasks',
    'data:,/api/tasks',
  ])('is not sent to %s', async (url) => {
    await expect(apiFetch(url)).rejects.toThrow(TypeError);
    await expect(apiFetch(new URL(url))).rejects.toThrow(TypeError);
    expect(auth.requests).toEqual([]);
  });

  test('is sent only below the path of the service, also if that is on the origin of the page', async () => {
    const below = apiFetchOf(`${server.url}/service/`);
    for (const url of ['/../api/tasks', `${server.url}/api/tasks`]) {
      await expect(below(url)).rejects.toThrow(TypeError);
    }
    expect((await below('/api/tasks')).status).toBe(404);
    expect(server.requests.map(({ line }) => line)).toEqual(['GET /service/api/tasks']);
    const same = apiFetchOf('/', `${server.url}/tasks`);
    expect((await same('/api/tasks')).status).toBe(200);
    expect((await same('//elsewhere.example/api/tasks')).status).toBe(404);
  });

  test('is not sent along a redirect', async () => {
    const headers = { Location: `${service.url}/livez` };
    server.faults.push({ status: 307, headers });
    await expect(apiFetch('/api/tasks')).rejects.toThrow(TypeError);
    expect(server.requests).toHaveLength(1);
  });
});

describe('the client on top of it', () => {
  const clientOf = () => createServiceClient({ baseUrl: server.url, apiFetch, tokens });

  test('sends tokens and returns responses', async () => {
    const client = clientOf();
    const { id } = await client.createTask({ body: { title: 'Buy milk' } });
    expect(await client.getTask({ path: { id } })).toMatchObject({ title: 'Buy milk' });
    await client.getLiveness();
    expect(auth.requests).toHaveLength(1);
  });

  test('rejects without a retry when the session has ended, and redirects once for ten calls', async () => {
    const client = clientOf();
    auth.user = undefined;
    const calls = Array.from({ length: 10 }, () => client.listTasks());
    for (const call of calls) await expect(call).rejects.toThrow(SessionEndedError);
    await expect(client.countTasks()).rejects.toThrow(SessionEndedError);
    expect(onSessionEnded).toHaveBeenCalledTimes(1);
    expect(auth.requests).toHaveLength(1);
    expect(server.requests).toEqual([]);
  });

  test('rejects with the end of the session if a rejected token cannot be renewed', async () => {
    const client = clientOf();
    auth.responses.push(await tokenResponse(forgedTokenOf('alice')));
    auth.user = undefined;
    await expect(client.listTasks()).rejects.toThrow(SessionEndedError);
    expect(server.requests).toHaveLength(1);
  });

  test('treats an unreachable Better Auth as a network error, and retries', async () => {
    const client = clientOf();
    auth.responses.push(new TypeError('fetch failed'));
    await client.listTasks();
    expect(auth.requests).toHaveLength(2);
    const token = await tokens.token();
    server.faults.push({ status: 401 });
    auth.responses.push(...Array<Error>(4).fill(new TypeError('fetch failed')));
    await expect(client.listTasks()).rejects.toMatchObject({ code: 'network-error' });
    expect(await tokens.token()).not.toBe(token);
  });
});
