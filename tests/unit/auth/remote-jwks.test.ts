import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, test, vi } from 'vitest';
import { createRemoteJwks } from '../../../src/auth/remote-jwks.ts';
import { withDeadline } from '../../../src/deadlines/request-deadline.ts';
import { call, expectProblem, makeAuthenticator } from '../../support/auth.ts';
import { startJwksServer } from '../../support/jwks-server.ts';
import {
  newToken,
  pass,
  seconds,
  settle,
  signingKeys,
  startAuthenticator,
  useStoppedClock,
} from '../../support/remote-jwks.ts';
import { SECRET, tokenOf } from '../../support/tokens.ts';

const { first } = signingKeys;

useStoppedClock();

describe('the first fetch', () => {
  test('is on demand, and shared by fifty concurrent calls', async () => {
    await using service = await startAuthenticator(first);
    expect(service.jwks.fetches()).toBe(0);
    const callers = await Promise.all(Array.from({ length: 50 }, () => service.signIn(first)));
    expect(new Set(callers.map(({ id }) => id)).size).toBe(50);
    expect(service.jwks.fetches()).toBe(1);
  });

  test('is shared by fifty concurrent calls also when it fails', async () => {
    await using service = await startAuthenticator();
    service.jwks.fail();
    const calls = Array.from({ length: 50 }, () => service.signIn(first));
    await Promise.all(calls.map((calling) => expectProblem(calling, 'unavailable')));
    expect(service.jwks.fetches()).toBe(1);
  });

  test.each([
    ['closes the connection', undefined, ''],
    ['responds with 500', 500, '{"keys":[]}'],
    ['responds with 404', 404, 'Not found'],
    ['redirects', 302, ''],
    ['responds with HTML', 200, '<!doctype html><title>Sign in</title>'],
    ['responds with an empty body', 200, ''],
    ['responds with invalid JSON', 200, '{"keys":['],
    ['responds with JSON that is not a JWKS', 200, '{"error":"no"}'],
    ['responds with keys that are not objects', 200, '{"keys":[null]}'],
    ['responds with more than 256 KiB', 200, `{"keys":[],"x":"${'x'.repeat(300_000)}"}`],
    ['responds with no keys', 200, '{"keys":[]}'],
    ['responds with a symmetric key', 200, '{"keys":[{"kty":"oct","k":"c2VjcmV0","kid":"first"}]}'],
    [
      'responds with an encryption key',
      200,
      JSON.stringify({ keys: [{ ...first.jwk, use: 'enc' }] }),
    ],
    ['responds with a damaged key', 200, JSON.stringify({ keys: [{ ...first.jwk, x: 'x' }] })],
  ])('fails with unavailable and a warning when the endpoint %s', async (_, status, body) => {
    await using service = await startAuthenticator();
    service.jwks.respondWith((response) => {
      if (status === undefined) response.destroy();
      else response.writeHead(status, { Location: '/elsewhere' }).end(body);
    });
    const token = await newToken(first);
    const error: unknown = await call(service.authenticate, token).catch((error: unknown) => error);
    expect(error).toMatchObject({
      code: 'unavailable',
      cause: { message: expect.stringContaining(service.jwks.url) as string },
    });
    expect(service.jwks.fetches()).toBe(1);
    expect(service.log.warn).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ url: service.jwks.url, err: expect.any(Error) as Error }),
      expect.any(String),
    );
    expect(JSON.stringify(service.log.warn.mock.calls)).not.toContain(token);
  });

  test('fails with unavailable when the connection is refused', async () => {
    const service = await startAuthenticator(first);
    await service[Symbol.asyncDispose]();
    await expectProblem(service.signIn(first), 'unavailable');
  });

  test('is not repeated for calls that have waited for it, even if it took longer than a second', async () => {
    await using service = await startAuthenticator();
    const { promise: failure, resolve: fail } = Promise.withResolvers<undefined>();
    service.jwks.respondWith((response) => void failure.then(() => response.destroy()));
    const token = await newToken(first);
    const calls = [service.signIn(first)];
    await settle(() => service.jwks.fetches() === 1);
    calls.push(call(service.authenticate, token));
    // The second call verifies its token up to the wait for the fetch: it does not wait for anything before that.
    await new Promise(setImmediate);
    pass(seconds(2));
    fail(undefined);
    await Promise.all(calls.map((calling) => expectProblem(calling, 'unavailable')));
    expect(service.jwks.fetches()).toBe(1);
  });

  test('is retried after one second', async () => {
    await using service = await startAuthenticator();
    service.jwks.fail();
    await expectProblem(service.signIn(first), 'unavailable');
    service.jwks.publish(first);
    await expectProblem(service.signIn(first), 'unavailable');
    expect(service.jwks.fetches()).toBe(1);
    pass(seconds(1));
    await expect(service.signIn(first)).resolves.toHaveProperty('id');
    expect(service.jwks.fetches()).toBe(2);
  });

  test('times out', async () => {
    await using jwks = await startJwksServer();
    jwks.respondWith((response) => response.writeHead(200).write('{"keys":['));
    const keys = createRemoteJwks({
      url: jwks.url,
      log: { warn: vi.fn() },
      onChange: vi.fn(),
      timeoutMs: 100,
    });
    await expectProblem(keys.getKey({ alg: 'EdDSA', kid: 'first' }), 'unavailable');
  });

  test('is not needed for HS256 tokens', async () => {
    await using jwks = await startJwksServer();
    jwks.fail();
    const { authenticate } = makeAuthenticator({ jwksUrl: jwks.url, secret: SECRET });
    await expectProblem(call(authenticate, await newToken(first)), 'unavailable');
    expect(await call(authenticate, await tokenOf('alice'))).toMatchObject({ id: 'alice' });
  });
});

test('a request that waits for a fetch does not count as in progress', async () => {
  await using service = await startAuthenticator(first);
  await service.signIn(first);
  pass(seconds(1));
  const response = new EventEmitter() as ServerResponse;
  const events: string[] = [];
  for (const name of ['waiting', 'working']) response.on(name, () => events.push(name));
  const calling = withDeadline(response, () => service.signIn(signingKeys.unpublished));
  await expectProblem(calling, 'invalid-token');
  expect(events).toEqual(['waiting', 'working']);
});

test('at most 150 requests wait for an unknown key, and others are verified at the same time', async () => {
  await using service = await startAuthenticator(first);
  await service.signIn(first);
  service.jwks.respondWith(() => undefined);
  pass(seconds(1));
  const ends: string[] = [];
  for (let count = 0; count < 200; count++) {
    service.signIn(signingKeys.unpublished).catch((error: unknown) => ends.push(String(error)));
  }
  await settle(() => ends.length >= 50);
  expect(ends).toEqual(Array.from({ length: 50 }, () => 'Problem: unavailable'));
  await expect(service.signIn(first)).resolves.toHaveProperty('id');
});
