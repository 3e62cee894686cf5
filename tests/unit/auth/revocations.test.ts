import { expect, test } from 'vitest';
import { call, expectProblem, makeAuthenticator } from '../../support/auth.ts';
import { claims, now, sign } from '../../support/hs256.ts';
import { expiredTokenOf, SECRET, tokenOf } from '../../support/tokens.ts';

test('a revocation rejects the tokens that were issued before, also cached ones', async () => {
  const { authenticate, revocations } = makeAuthenticator({ secret: SECRET });
  const time = now();
  const tokenAt = (iat: number) => sign(claims({ iat }));
  const before = [time - 3600, time - 1, time - 0.001].map(tokenAt);
  const after = [time, time + 0.5, time + 1].map(tokenAt);
  for (const token of [...before, ...after]) await call(authenticate, token);

  revocations.add('alice', time);
  for (const token of before) await expectProblem(call(authenticate, token), 'invalid-token');
  for (const token of after)
    await expect(call(authenticate, token)).resolves.toHaveProperty('id', 'alice');
  await expectProblem(call(authenticate, tokenAt(time - 2)), 'invalid-token');
});

test('a revocation affects one user', async () => {
  const { authenticate, revocations } = makeAuthenticator({ secret: SECRET });
  revocations.add('alice', now() + 1);
  for (const user of ['Alice', 'alice ', 'bob'])
    await expect(call(authenticate, await tokenOf(user))).resolves.toHaveProperty('id', user);
});

test('an earlier revocation that is read later does not replace a later one', async () => {
  const { authenticate, revocations } = makeAuthenticator({ secret: SECRET });
  const token = await tokenOf('alice');
  revocations.add('alice', now() + 1);
  revocations.add('alice', now() - 10);
  await expectProblem(call(authenticate, token), 'invalid-token');
});

test('an expired token stays expired', async () => {
  const { authenticate, revocations } = makeAuthenticator({ secret: SECRET });
  revocations.add('alice', now() + 1);
  await expectProblem(call(authenticate, await expiredTokenOf('alice')), 'token-expired');
});
