import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createRemoteJwks } from '../../../src/auth/remote-jwks.ts';
import { call, expectProblem, makeAuthenticator } from '../../support/auth.ts';
import { makeSigningKey, startJwksServer, type SigningKey } from '../../support/jwks-server.ts';
import { SECRET, tokenOf } from '../../support/tokens.ts';

const [first, second, third, unpublished] = (await Promise.all(
  ['first', 'second', 'third', 'unpublished'].map((kid) => makeSigningKey('EdDSA', kid)),
)) as [SigningKey, SigningKey, SigningKey, SigningKey];

const minutes = (count: number) => count * 60_000;
const seconds = (count: number) => count * 1000;
const pass = (milliseconds: number) => vi.advanceTimersByTime(milliseconds);

let users = 0;
/** A token that is not cached yet. */
function fresh(key: SigningKey): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  users += 1;
  return key.sign({ sub: `user-${users}`, iat: now, exp: now + 3600 });
}

/** A JWKS endpoint with these keys, and an authenticator that is configured with its URL only. */
async function setUp(...keys: SigningKey[]) {
  const jwks = await startJwksServer(keys);
  const { authenticate, log } = makeAuthenticator({ jwksUrl: jwks.url });
  const signIn = async (key: SigningKey) => call(authenticate, await fresh(key));
  return { jwks, authenticate, log, signIn, [Symbol.asyncDispose]: jwks[Symbol.asyncDispose] };
}

/** Waits for a fetch in the background. */
async function settle(done: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await done())) await delay(5);
}

// The clocks only advance when a test advances them; timers and the network are real.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('the first fetch', () => {
  test('is on demand, and shared by fifty concurrent calls', async () => {
    await using service = await setUp(first);
    expect(service.jwks.fetches()).toBe(0);
    const callers = await Promise.all(Array.from({ length: 50 }, () => service.signIn(first)));
    expect(new Set(callers.map(({ id }) => id)).size).toBe(50);
    expect(service.jwks.fetches()).toBe(1);
  });

  test('is shared by fifty concurrent calls also when it fails', async () => {
    await using service = await setUp();
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
    await using service = await setUp();
    service.jwks.respondWith((response) => {
      if (status === undefined) response.destroy();
      else response.writeHead(status, { Location: '/elsewhere' }).end(body);
    });
    const token = await fresh(first);
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
    const service = await setUp(first);
    await service[Symbol.asyncDispose]();
    await expectProblem(service.signIn(first), 'unavailable');
  });

  test('is retried after one second', async () => {
    await using service = await setUp();
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
    await expectProblem(call(authenticate, await fresh(first)), 'unavailable');
    expect(await call(authenticate, await tokenOf('alice'))).toMatchObject({ id: 'alice' });
  });
});

describe('a key rotation', () => {
  test('is detected by the first token with the new key; the old key stays valid', async () => {
    await using service = await setUp(first);
    await service.signIn(first);
    service.jwks.publish(first, second);
    pass(seconds(1));
    await expect(service.signIn(second)).resolves.toHaveProperty('id');
    await expect(service.signIn(first)).resolves.toHaveProperty('id');
    expect(service.jwks.fetches()).toBe(2);
  });

  test('can follow another one immediately', async () => {
    await using service = await setUp(first);
    await service.signIn(first);
    service.jwks.publish(first, second);
    pass(seconds(1));
    await service.signIn(second);
    service.jwks.publish(first, second, third);
    pass(seconds(1));
    await expect(service.signIn(third)).resolves.toHaveProperty('id');
    expect(service.jwks.fetches()).toBe(3);
  });

  test('causes one fetch for many concurrent tokens', async () => {
    await using service = await setUp(first);
    await service.signIn(first);
    service.jwks.publish(first, second);
    pass(seconds(1));
    await Promise.all(Array.from({ length: 50 }, () => service.signIn(second)));
    expect(service.jwks.fetches()).toBe(2);
  });

  test('is detected within a second, also while other clients use unknown keys', async () => {
    await using service = await setUp(first);
    await service.signIn(first);
    pass(seconds(1));
    await expectProblem(service.signIn(unpublished), 'invalid-token');
    service.jwks.publish(first, second);
    const stranger = expectProblem(service.signIn(unpublished), 'invalid-token');
    await expect(service.signIn(second)).resolves.toHaveProperty('id');
    await stranger;
    expect(service.jwks.fetches()).toBe(3);
  });

  test('is detected when the fetch began before the key was published', async () => {
    await using service = await setUp(first);
    await service.signIn(first);
    pass(seconds(1));
    let release: (() => void) | undefined;
    service.jwks.respondWith((response) => {
      release = () => response.end(JSON.stringify({ keys: [first.jwk] }));
    });
    const stranger = expectProblem(service.signIn(unpublished), 'invalid-token');
    await settle(() => release !== undefined);
    const calling = service.signIn(second);
    service.jwks.publish(first, second);
    pass(seconds(1));
    release?.();
    await expect(calling).resolves.toHaveProperty('id');
    await stranger;
    expect(service.jwks.fetches()).toBe(3);
  });
});

describe('unknown keys', () => {
  test('cause one fetch per second, for any number of tokens', async () => {
    await using service = await setUp(first);
    await service.signIn(first);
    for (let round = 1; round <= 3; round += 1) {
      let release: (() => void) | undefined;
      service.jwks.respondWith((response) => {
        release = () => response.end(JSON.stringify({ keys: [first.jwk] }));
      });
      pass(seconds(1));
      const one = expectProblem(service.signIn(unpublished), 'invalid-token');
      await settle(() => release !== undefined);
      expect(service.jwks.fetches()).toBe(1 + round);
      release?.();
      await one;
    }
    service.jwks.publish(first);
    pass(seconds(1));
    const calls = Array.from({ length: 50 }, () => service.signIn(unpublished));
    await Promise.all(calls.map((calling) => expectProblem(calling, 'invalid-token')));
    // Calls that arrived during the first fetch wait for the next one.
    expect(service.jwks.fetches()).toBeLessThanOrEqual(6);
  });

  test('cause one fetch also if they are used first', async () => {
    await using service = await setUp(first);
    await expectProblem(service.signIn(unpublished), 'invalid-token');
    await expect(service.signIn(first)).resolves.toHaveProperty('id');
    expect(service.jwks.fetches()).toBe(1);
  });
});

describe('cached keys', () => {
  test('stay in use while the endpoint is down, at any age', async () => {
    await using service = await setUp(first);
    await service.signIn(first);
    service.jwks.fail();
    pass(seconds(1));
    for (let hour = 0; hour < 3; hour += 1) {
      await expect(service.signIn(first)).resolves.toHaveProperty('id');
      await expectProblem(service.signIn(unpublished), 'invalid-token');
      pass(minutes(60));
    }
  });

  test('stay in use while the endpoint publishes no usable key', async () => {
    await using service = await setUp(first);
    const token = await fresh(first);
    await call(service.authenticate, token);
    service.jwks.publish();
    pass(minutes(10));
    await call(service.authenticate, token);
    await settle(() => service.log.warn.mock.calls.length > 0);
    await expect(call(service.authenticate, token)).resolves.toHaveProperty('id');
    await expect(service.signIn(first)).resolves.toHaveProperty('id');
  });

  test('are refreshed a second after the endpoint recovers', async () => {
    await using service = await setUp(first);
    await service.signIn(first);
    service.jwks.fail();
    pass(seconds(1));
    await expectProblem(service.signIn(second), 'invalid-token');
    service.jwks.publish(first, second);
    pass(seconds(1));
    await expect(service.signIn(second)).resolves.toHaveProperty('id');
  });

  test('are not refreshed for ten minutes', async () => {
    await using service = await setUp(first);
    await service.signIn(first);
    pass(minutes(10) - 1);
    await service.signIn(first);
    expect(service.jwks.fetches()).toBe(1);
  });

  test('are refreshed after ten minutes, in the background', async () => {
    await using service = await setUp(first);
    await service.signIn(first);
    pass(minutes(10));
    let release: (() => void) | undefined;
    service.jwks.respondWith((response) => {
      release = () => response.end(JSON.stringify({ keys: [second.jwk] }));
    });
    await expect(service.signIn(first)).resolves.toHaveProperty('id');
    await settle(() => release !== undefined);
    await expect(service.signIn(first)).resolves.toHaveProperty('id');
    pass(seconds(1));
    release?.();
    await expect(service.signIn(second)).resolves.toHaveProperty('id');
    expect(service.jwks.fetches()).toBe(2);
  });

  test('are refreshed every ten minutes', async () => {
    await using service = await setUp(first);
    await service.signIn(first);
    pass(minutes(10));
    await service.signIn(first);
    await settle(() => service.jwks.fetches() === 2);
    service.jwks.publish(second);
    pass(seconds(1));
    await expect(service.signIn(second)).resolves.toHaveProperty('id');
    const fetches = service.jwks.fetches();
    pass(minutes(10));
    await service.signIn(second);
    await settle(() => service.jwks.fetches() === fetches + 1);
  });

  test('are refreshed every 30 seconds while refreshing fails', async () => {
    await using service = await setUp(first);
    await service.signIn(first);
    service.jwks.fail();
    pass(minutes(10));
    for (let round = 1; round <= 3; round += 1) {
      await Promise.all(Array.from({ length: 10 }, () => service.signIn(first)));
      await settle(() => service.log.warn.mock.calls.length === round);
      pass(seconds(29));
      await service.signIn(first);
      expect(service.jwks.fetches()).toBe(1 + round);
      pass(seconds(1));
    }
  });
});

describe('a revoked key', () => {
  test('is rejected after the next refresh, also for cached tokens', async () => {
    await using service = await setUp(first, second);
    const token = await fresh(first);
    await call(service.authenticate, token);
    service.jwks.publish(second);
    pass(minutes(10));
    await call(service.authenticate, token);
    const isRefused = () =>
      call(service.authenticate, token).then(
        () => false,
        () => true,
      );
    await settle(isRefused);
    await expectProblem(call(service.authenticate, token), 'invalid-token');
  });

  test('is rejected after a token with a new key triggered a fetch', async () => {
    await using service = await setUp(first);
    const token = await fresh(first);
    await call(service.authenticate, token);
    service.jwks.publish(second);
    pass(seconds(1));
    await service.signIn(second);
    await expectProblem(call(service.authenticate, token), 'invalid-token');
  });
});
