import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createRemoteKeys } from '../../../src/auth/remote-keys.ts';
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
/** A token that no authenticator has seen yet. */
function fresh(key: SigningKey): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  users += 1;
  return key.sign({ sub: `user-${users}`, iat: now, exp: now + 3600 });
}

/** A JWKS endpoint with these keys, and an authenticator that knows its address alone. */
async function setUp(...keys: SigningKey[]) {
  const jwks = await startJwksServer(keys);
  const { authenticate, log } = makeAuthenticator({ jwksUrl: jwks.url });
  const signIn = async (key: SigningKey) => call(authenticate, await fresh(key));
  return { jwks, authenticate, log, signIn, [Symbol.asyncDispose]: jwks[Symbol.asyncDispose] };
}

/** Lets a fetch in the background come to its end. */
async function settle(done: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await done())) await delay(5);
}

// The clocks stand still unless a test moves them; timers and the network are real.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('the first keys', () => {
  test('are fetched once for fifty calls at once, and not before', async () => {
    await using service = await setUp(first);
    expect(service.jwks.fetches()).toBe(0);
    const callers = await Promise.all(Array.from({ length: 50 }, () => service.signIn(first)));
    expect(new Set(callers.map(({ id }) => id)).size).toBe(50);
    expect(service.jwks.fetches()).toBe(1);
  });

  test('are fetched once for fifty calls at once that all fail', async () => {
    await using service = await setUp();
    service.jwks.fail();
    const calls = Array.from({ length: 50 }, () => service.signIn(first));
    await Promise.all(calls.map((calling) => expectProblem(calling, 'unavailable')));
    expect(service.jwks.fetches()).toBe(1);
  });

  test.each([
    ['cuts the connection', undefined, ''],
    ['answers 500', 500, '{"keys":[]}'],
    ['answers 404', 404, 'Not found'],
    ['redirects', 302, ''],
    ['answers HTML', 200, '<!doctype html><title>Sign in</title>'],
    ['answers nothing', 200, ''],
    ['answers broken JSON', 200, '{"keys":['],
    ['answers JSON that is no key set', 200, '{"error":"no"}'],
    ['answers keys that are no objects', 200, '{"keys":[null]}'],
    ['answers with more than anybody has keys', 200, `{"keys":[],"x":"${'x'.repeat(300_000)}"}`],
  ])('are unavailable, with a warning, when the endpoint %s', async (_, status, body) => {
    await using service = await setUp();
    service.jwks.answer((response) => {
      if (status === undefined) response.destroy();
      else response.writeHead(status, { Location: '/elsewhere' }).end(body);
    });
    const token = await fresh(first);
    const error: unknown = await call(service.authenticate, token).catch((error: unknown) => error);
    expect(error).toMatchObject({ code: 'unavailable', cause: expect.any(Error) as Error });
    expect(service.jwks.fetches()).toBe(1);
    expect(service.log.warn).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ url: service.jwks.url, err: expect.any(Error) as Error }),
      expect.any(String),
    );
    expect(JSON.stringify(service.log.warn.mock.calls)).not.toContain(token);
  });

  test('are unavailable when nobody listens', async () => {
    const service = await setUp(first);
    await service[Symbol.asyncDispose]();
    await expectProblem(service.signIn(first), 'unavailable');
  });

  test('are asked for again after a second, and used when they come', async () => {
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

  test('may be none: then tokens are invalid, not the service unavailable', async () => {
    await using service = await setUp();
    await expectProblem(service.signIn(first), 'invalid-token');
    expect(service.log.warn).not.toHaveBeenCalled();
    service.jwks.publish(first);
    pass(seconds(30));
    await expect(service.signIn(first)).resolves.toHaveProperty('id');
  });

  test('are not waited for longer than the time limit', async () => {
    await using jwks = await startJwksServer();
    jwks.answer((response) => response.writeHead(200).write('{"keys":['));
    const keys = createRemoteKeys({
      url: jwks.url,
      log: { warn: vi.fn() },
      onChange: vi.fn(),
      timeoutMs: 100,
    });
    await expectProblem(keys.find({ alg: 'EdDSA', kid: 'first' }), 'unavailable');
  });

  test('do not matter to tokens under the secret', async () => {
    await using jwks = await startJwksServer();
    jwks.fail();
    const { authenticate } = makeAuthenticator({ jwksUrl: jwks.url, secret: SECRET });
    await expectProblem(call(authenticate, await fresh(first)), 'unavailable');
    expect(await call(authenticate, await tokenOf('alice'))).toMatchObject({ id: 'alice' });
  });
});

describe('a rotation', () => {
  test('is noticed by the first token under the new key; the old key still counts', async () => {
    await using service = await setUp(first);
    await service.signIn(first);
    service.jwks.publish(first, second);
    await expect(service.signIn(second)).resolves.toHaveProperty('id');
    await expect(service.signIn(first)).resolves.toHaveProperty('id');
    expect(service.jwks.fetches()).toBe(2);
  });

  test('may follow another at once', async () => {
    await using service = await setUp(first);
    await service.signIn(first);
    service.jwks.publish(first, second);
    await service.signIn(second);
    service.jwks.publish(first, second, third);
    await expect(service.signIn(third)).resolves.toHaveProperty('id');
    expect(service.jwks.fetches()).toBe(3);
  });

  test('costs one fetch, however many tokens come at once', async () => {
    await using service = await setUp(first);
    await service.signIn(first);
    service.jwks.publish(first, second);
    await Promise.all(Array.from({ length: 50 }, () => service.signIn(second)));
    expect(service.jwks.fetches()).toBe(2);
  });

  test('is noticed within 30 seconds after somebody asked for a key that is not there', async () => {
    await using service = await setUp(first);
    await service.signIn(first);
    await expectProblem(service.signIn(unpublished), 'invalid-token');
    service.jwks.publish(first, second);
    await expectProblem(service.signIn(second), 'invalid-token');
    pass(seconds(30));
    await expect(service.signIn(second)).resolves.toHaveProperty('id');
  });
});

describe('unknown keys', () => {
  test('cause one fetch in 30 seconds, however many tokens name them', async () => {
    await using service = await setUp(first);
    await service.signIn(first);
    for (let round = 1; round <= 3; round += 1) {
      for (let time = 0; time < 29; time += 7) {
        const calls = Array.from({ length: 10 }, () => service.signIn(unpublished));
        await Promise.all(calls.map((calling) => expectProblem(calling, 'invalid-token')));
        pass(seconds(7));
      }
      expect(service.jwks.fetches()).toBe(1 + round);
    }
  });

  test('cause one fetch when they come first', async () => {
    await using service = await setUp(first);
    await expectProblem(service.signIn(unpublished), 'invalid-token');
    await expect(service.signIn(first)).resolves.toHaveProperty('id');
    expect(service.jwks.fetches()).toBe(1);
  });
});

describe('known keys', () => {
  test('go on verifying while the endpoint is down, old as they are', async () => {
    await using service = await setUp(first);
    await service.signIn(first);
    service.jwks.fail();
    for (let hour = 0; hour < 3; hour += 1) {
      await expect(service.signIn(first)).resolves.toHaveProperty('id');
      await expectProblem(service.signIn(unpublished), 'invalid-token');
      pass(minutes(60));
    }
  });

  test('are used again within 30 seconds when the endpoint comes back', async () => {
    await using service = await setUp(first);
    await service.signIn(first);
    service.jwks.fail();
    await expectProblem(service.signIn(second), 'invalid-token');
    service.jwks.publish(first, second);
    pass(seconds(30));
    await expect(service.signIn(second)).resolves.toHaveProperty('id');
  });

  test('are not fetched again for ten minutes', async () => {
    await using service = await setUp(first);
    await service.signIn(first);
    pass(minutes(10) - 1);
    await service.signIn(first);
    expect(service.jwks.fetches()).toBe(1);
  });

  test('are refreshed after ten minutes, without making anybody wait', async () => {
    await using service = await setUp(first);
    await service.signIn(first);
    pass(minutes(10));
    let release: (() => void) | undefined;
    service.jwks.answer((response) => {
      release = () => response.end(JSON.stringify({ keys: [second.jwk] }));
    });
    await expect(service.signIn(first)).resolves.toHaveProperty('id');
    await settle(() => release !== undefined);
    await expect(service.signIn(first)).resolves.toHaveProperty('id');
    release?.();
    await expect(service.signIn(second)).resolves.toHaveProperty('id');
    expect(service.jwks.fetches()).toBe(2);
  });

  test('are refreshed again after ten more minutes', async () => {
    await using service = await setUp(first);
    await service.signIn(first);
    pass(minutes(10));
    await service.signIn(first);
    await settle(() => service.jwks.fetches() === 2);
    service.jwks.publish(second);
    await expect(service.signIn(second)).resolves.toHaveProperty('id');
    const fetches = service.jwks.fetches();
    pass(minutes(10));
    await service.signIn(second);
    await settle(() => service.jwks.fetches() === fetches + 1);
  });

  test('are asked for every 30 seconds while refreshing them fails', async () => {
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
  test('stops working when the keys are refreshed, for remembered tokens too', async () => {
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

  test('stops working when another token brings the news', async () => {
    await using service = await setUp(first);
    const token = await fresh(first);
    await call(service.authenticate, token);
    service.jwks.publish(second);
    await service.signIn(second);
    await expectProblem(call(service.authenticate, token), 'invalid-token');
  });
});
