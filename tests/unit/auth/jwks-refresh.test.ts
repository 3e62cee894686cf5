import { describe, expect, test } from 'vitest';
import { call, expectProblem } from '../../support/auth.ts';
import {
  minutes,
  newToken,
  pass,
  seconds,
  settle,
  signingKeys,
  startAuthenticator,
  useStoppedClock,
} from '../../support/remote-jwks.ts';

const { first, second, third, unpublished } = signingKeys;

useStoppedClock();

describe('a key rotation', () => {
  test('is detected by the first token with the new key; the old key stays valid', async () => {
    await using service = await startAuthenticator(first);
    await service.signIn(first);
    service.jwks.publish(first, second);
    pass(seconds(1));
    await expect(service.signIn(second)).resolves.toHaveProperty('id');
    await expect(service.signIn(first)).resolves.toHaveProperty('id');
    expect(service.jwks.fetches()).toBe(2);
  });

  test('can follow another one immediately', async () => {
    await using service = await startAuthenticator(first);
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
    await using service = await startAuthenticator(first);
    await service.signIn(first);
    service.jwks.publish(first, second);
    pass(seconds(1));
    await Promise.all(Array.from({ length: 50 }, () => service.signIn(second)));
    expect(service.jwks.fetches()).toBe(2);
  });

  test('is detected within a second, also while other clients use unknown keys', async () => {
    await using service = await startAuthenticator(first);
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
    await using service = await startAuthenticator(first);
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
    await using service = await startAuthenticator(first);
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
    await using service = await startAuthenticator(first);
    await expectProblem(service.signIn(unpublished), 'invalid-token');
    await expect(service.signIn(first)).resolves.toHaveProperty('id');
    expect(service.jwks.fetches()).toBe(1);
  });
});

describe('cached keys', () => {
  test('stay in use while the endpoint is down, at any age', async () => {
    await using service = await startAuthenticator(first);
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
    await using service = await startAuthenticator(first);
    const token = await newToken(first);
    await call(service.authenticate, token);
    service.jwks.publish();
    pass(minutes(10));
    await call(service.authenticate, token);
    await settle(() => service.log.warn.mock.calls.length > 0);
    await expect(call(service.authenticate, token)).resolves.toHaveProperty('id');
    await expect(service.signIn(first)).resolves.toHaveProperty('id');
  });

  test('are refreshed a second after the endpoint recovers', async () => {
    await using service = await startAuthenticator(first);
    await service.signIn(first);
    service.jwks.fail();
    pass(seconds(1));
    await expectProblem(service.signIn(second), 'invalid-token');
    service.jwks.publish(first, second);
    pass(seconds(1));
    await expect(service.signIn(second)).resolves.toHaveProperty('id');
  });

  test('are not refreshed for ten minutes', async () => {
    await using service = await startAuthenticator(first);
    await service.signIn(first);
    pass(minutes(10) - 1);
    await service.signIn(first);
    expect(service.jwks.fetches()).toBe(1);
  });

  test('are refreshed after ten minutes, in the background', async () => {
    await using service = await startAuthenticator(first);
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
    await using service = await startAuthenticator(first);
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
    await using service = await startAuthenticator(first);
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
    await using service = await startAuthenticator(first, second);
    const token = await newToken(first);
    await call(service.authenticate, token);
    service.jwks.publish(second);
    pass(minutes(10));
    await call(service.authenticate, token);
    const isRejected = () =>
      call(service.authenticate, token).then(
        () => false,
        () => true,
      );
    await settle(isRejected);
    await expectProblem(call(service.authenticate, token), 'invalid-token');
  });

  test('is rejected after a token with a new key triggered a fetch', async () => {
    await using service = await startAuthenticator(first);
    const token = await newToken(first);
    await call(service.authenticate, token);
    service.jwks.publish(second);
    pass(seconds(1));
    await service.signIn(second);
    await expectProblem(call(service.authenticate, token), 'invalid-token');
  });
});
