import { createHmac } from 'node:crypto';
import { exportSPKI } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, expectProblem, makeAuthenticator } from '../../support/auth.ts';
import { makeSigningKey, startJwksServer, type SigningKey } from '../../support/jwks-server.ts';
import { SECRET, tokenOf } from '../../support/tokens.ts';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = () => Math.floor(Date.now() / 1000);
const claims = (changes: object = {}) => ({
  sub: 'alice',
  email: 'alice@example.com',
  name: 'Alice',
  iat: now(),
  exp: now() + 60,
  ...changes,
});

const algorithms = ['EdDSA', 'Ed25519', 'ES256', 'ES512', 'RS256', 'PS256'];
const keys = new Map<string, SigningKey>();
let jwks: Awaited<ReturnType<typeof startJwksServer>>;
let key: SigningKey;

beforeAll(async () => {
  for (const alg of [...algorithms, 'ES384', 'RS512']) {
    keys.set(alg, await makeSigningKey(alg, `the ${alg} key`));
  }
  jwks = await startJwksServer([...keys.values()]);
  key = keyOf('EdDSA');
});

afterAll(() => jwks[Symbol.asyncDispose]());

function keyOf(alg: string): SigningKey {
  const found = keys.get(alg);
  if (!found) throw new Error(alg);
  return found;
}

/** A token that is signed with HMAC and public data as the secret (algorithm confusion). */
function confuse(secret: string | Buffer, kid: string | undefined, alg = 'HS256'): string {
  const input = `${encode({ alg, kid })}.${encode(claims())}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

describe('a token that is signed with a key of the JWKS', () => {
  test.each(algorithms)('is accepted with %s', async (alg) => {
    const { authenticate } = makeAuthenticator({ jwksUrl: jwks.url });
    expect(await call(authenticate, await keyOf(alg).sign(claims()))).toEqual({
      id: 'alice',
      email: 'alice@example.com',
      name: 'Alice',
      issuedAt: expect.any(Number) as number,
    });
  });

  test.each(['ES384', 'RS512'])(
    'is invalid with %s, also if the key is in the JWKS',
    async (alg) => {
      const { authenticate } = makeAuthenticator({ jwksUrl: jwks.url });
      await expectProblem(call(authenticate, await keyOf(alg).sign(claims())), 'invalid-token');
    },
  );

  test('can have iat and nbf that are a little in the future', async () => {
    const { authenticate } = makeAuthenticator({ jwksUrl: jwks.url });
    const token = await key.sign(claims({ iat: now() + 20, nbf: now() + 20 }));
    expect(await call(authenticate, token)).toMatchObject({ id: 'alice' });
  });

  test('is rejected as expired', async () => {
    const { authenticate } = makeAuthenticator({ jwksUrl: jwks.url });
    const token = await key.sign(claims({ iat: now() - 900, exp: now() - 10 }));
    await expectProblem(call(authenticate, token), 'token-expired');
  });

  test.each([
    ['no exp', { exp: undefined }],
    ['no iat', { iat: undefined }],
    ['iat in the future', { iat: now() + 600 }],
    ['nbf in the future', { nbf: now() + 600 }],
    ['no user', { sub: undefined }],
    ['an empty sub', { sub: '', user: { id: 'alice' } }],
  ])('is invalid with %s', async (_, changes) => {
    const { authenticate } = makeAuthenticator({ jwksUrl: jwks.url });
    await expectProblem(call(authenticate, await key.sign(claims(changes))), 'invalid-token');
  });

  test('is invalid when its claims were modified', async () => {
    const { authenticate } = makeAuthenticator({ jwksUrl: jwks.url });
    const [header = '', , signature = ''] = (await key.sign(claims())).split('.');
    const tampered = `${header}.${encode(claims({ sub: 'mallory' }))}.${signature}`;
    await expectProblem(call(authenticate, tampered), 'invalid-token');
  });

  test('is invalid when another key with the same kid signed it', async () => {
    const { authenticate } = makeAuthenticator({ jwksUrl: jwks.url });
    const stranger = await makeSigningKey('EdDSA', 'the EdDSA key');
    await expectProblem(call(authenticate, await stranger.sign(claims())), 'invalid-token');
    const embedded = await stranger.sign(claims(), { jwk: stranger.jwk });
    await expectProblem(call(authenticate, embedded), 'invalid-token');
  });

  test.each([
    ['the kid of another kind of key', { kid: 'the RS256 key' }],
    ['an unknown kid', { kid: 'unknown' }],
    ['an empty kid', { kid: '' }],
    ['a numeric kid', { kid: 7 }],
    ['a kid in a list', { kid: ['the EdDSA key'] }],
    ['a kid that is a path', { kid: '../../etc/passwd' }],
  ])('is invalid with %s', async (_, header) => {
    const { authenticate } = makeAuthenticator({ jwksUrl: jwks.url });
    await expectProblem(call(authenticate, await key.sign(claims(), header)), 'invalid-token');
  });

  test('needs no kid if only one key matches', async () => {
    const { authenticate } = makeAuthenticator({ jwksUrl: jwks.url });
    const token = await keyOf('ES256').sign(claims(), { kid: undefined });
    expect(await call(authenticate, token)).toMatchObject({ id: 'alice' });
  });

  test('needs a kid if several keys match', async () => {
    const second = await makeSigningKey('EdDSA', 'second');
    await using several = await startJwksServer([key, second]);
    const { authenticate } = makeAuthenticator({ jwksUrl: several.url });
    const token = await second.sign(claims(), { kid: undefined });
    await expectProblem(call(authenticate, token), 'invalid-token');
    expect(await call(authenticate, await second.sign(claims()))).toMatchObject({ id: 'alice' });
  });
});

describe('a key is never used with the algorithms of the other kind', () => {
  test.each(['EdDSA', 'ES256', 'RS256'])(
    'the public %s key is not used as an HMAC secret',
    async (alg) => {
      const { jwk, publicKey } = keyOf(alg);
      const pem = await exportSPKI(publicKey);
      const raw = Buffer.from(jwk.x ?? jwk.n ?? '', 'base64url');
      for (const auth of [{ jwksUrl: jwks.url }, { jwksUrl: jwks.url, secret: SECRET }]) {
        const { authenticate } = makeAuthenticator(auth);
        for (const secret of [pem, pem.trim(), JSON.stringify(jwk), raw]) {
          for (const name of ['HS256', alg]) {
            await expectProblem(
              call(authenticate, confuse(secret, jwk.kid, name)),
              'invalid-token',
            );
            await expectProblem(
              call(authenticate, confuse(secret, undefined, name)),
              'invalid-token',
            );
          }
        }
      }
    },
  );

  test('a symmetric key in the JWKS is ignored', async () => {
    const secret = Buffer.from('published by mistake, readable by anyone');
    const jwk = { kty: 'oct', k: secret.toString('base64url'), kid: 'oct', alg: 'HS256' };
    await using mistaken = await startJwksServer([{ ...key, jwk }]);
    const { authenticate } = makeAuthenticator({ jwksUrl: mistaken.url, secret: SECRET });
    await expectProblem(call(authenticate, confuse(secret, 'oct')), 'invalid-token');
  });

  test('only tokens of the configured kind are accepted', async () => {
    const onlySecret = makeAuthenticator({ secret: SECRET }).authenticate;
    const onlyKeys = makeAuthenticator({ jwksUrl: jwks.url }).authenticate;
    const both = makeAuthenticator({ secret: SECRET, jwksUrl: jwks.url }).authenticate;
    const [shared, published] = [await tokenOf('alice'), await key.sign(claims())];
    await expectProblem(call(onlySecret, published), 'invalid-token');
    await expectProblem(call(onlyKeys, shared), 'invalid-token');
    expect(await call(both, shared)).toMatchObject({ id: 'alice' });
    expect(await call(both, published)).toMatchObject({ id: 'alice' });
  });

  test('an HS256 token does not fetch the JWKS', async () => {
    const before = jwks.fetches();
    const { authenticate } = makeAuthenticator({ secret: SECRET, jwksUrl: jwks.url });
    await call(authenticate, await tokenOf('alice'));
    await expectProblem(call(authenticate, confuse('a', 'unknown')), 'invalid-token');
    expect(jwks.fetches()).toBe(before);
  });
});

describe('iss and aud of tokens that are verified by JWKS', () => {
  const origin = 'https://auth.example.com';

  test.each([
    ['default to the origin', {}, { iss: origin, aud: origin }],
    ['are as configured', { issuer: 'i', audience: 'a' }, { iss: 'i', aud: 'a' }],
    ['are as configured, the issuer alone', { issuer: 'i' }, { iss: 'i', aud: origin }],
    ['are as configured, the audience alone', { audience: 'a' }, { iss: origin, aud: ['a', 'b'] }],
  ])('%s', async (_, auth, right) => {
    const { authenticate } = makeAuthenticator({ jwksUrl: jwks.url, jwksOrigin: origin, ...auth });
    expect(await call(authenticate, await key.sign(claims(right)))).toMatchObject({ id: 'alice' });
    for (const wrong of [{ iss: 'x' }, { aud: 'x' }, { iss: undefined }, { aud: undefined }]) {
      const token = await key.sign(claims({ ...right, ...wrong }));
      await expectProblem(call(authenticate, token), 'invalid-token');
    }
  });
});
