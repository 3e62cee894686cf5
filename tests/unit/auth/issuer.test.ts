import { describe, expect, test } from 'vitest';
import { call, expectProblem, makeAuthenticator } from '../../support/auth.ts';
import { claims, sign } from '../../support/hs256.ts';
import { SECRET } from '../../support/tokens.ts';

describe('configured iss and aud', () => {
  const { authenticate } = makeAuthenticator({
    secret: SECRET,
    issuer: 'https://auth.example.com',
    audience: 'tasks',
    jwksOrigin: 'https://only-for-jwks.example.com',
  });
  const right = { iss: 'https://auth.example.com', aud: 'tasks' };

  test.each([
    ['the same', right],
    ['one of several audiences', { ...right, aud: ['other', 'tasks'] }],
  ])('can be %s', async (_, changes) => {
    await expect(call(authenticate, sign(claims(changes)))).resolves.toHaveProperty('id');
  });

  test.each([
    ['missing', {}],
    ['without iss', { aud: 'tasks' }],
    ['without aud', { iss: right.iss }],
    ['of another issuer', { ...right, iss: 'https://evil.example.com' }],
    ['of an issuer with a slash', { ...right, iss: `${right.iss}/` }],
    ['of issuers in a list', { ...right, iss: [right.iss] }],
    ['for another audience', { ...right, aud: 'other' }],
    ['for no audience', { ...right, aud: [] }],
    ['for an audience of the wrong type', { ...right, aud: { tasks: true } }],
    ['for a part of the audience', { ...right, aud: 'tasks2' }],
    [
      'those of the JWKS',
      { iss: 'https://only-for-jwks.example.com', aud: 'https://only-for-jwks.example.com' },
    ],
  ])('are invalid: %s', async (_, changes) => {
    await expectProblem(call(authenticate, sign(claims(changes))), 'invalid-token');
  });

  test('the origin of the JWKS does not apply to HS256 tokens', async () => {
    const { authenticate } = makeAuthenticator({ secret: SECRET, jwksOrigin: 'https://a.example' });
    await expect(call(authenticate, sign(claims()))).resolves.toHaveProperty('id');
  });
});
