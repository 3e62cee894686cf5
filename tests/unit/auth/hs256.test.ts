import { createHmac } from 'node:crypto';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { call, expectProblem, makeAuthenticator } from '../../support/auth.ts';
import { claims, encode, now, sign } from '../../support/hs256.ts';
import { expiredTokenOf, forgedTokenOf, SECRET, tokenOf } from '../../support/tokens.ts';

// A fixed clock, to test the clock tolerance to the second.
vi.useFakeTimers({ toFake: ['Date'] });
afterAll(() => {
  vi.useRealTimers();
});

const DAY = 86_400;
const { authenticate } = makeAuthenticator({ secret: SECRET });

const validToken = sign(claims());
const [header = '', payload = '', signature = ''] = validToken.split('.');

describe('the Authorization header', () => {
  test.each([['Bearer'], ['bearer'], ['BEARER'], ['bEaReR   ']])(
    'accepts the scheme "%s"',
    async (scheme) => {
      expect(await authenticate(`${scheme} ${validToken}`)).toMatchObject({ id: 'alice' });
    },
  );

  test.each([
    [undefined],
    [''],
    ['Bearer'],
    ['Bearer '],
    ['bearer    '],
    ['Basic YWxpY2U6c2VjcmV0'],
    ['Digest username="alice"'],
    [`Token ${validToken}`],
    [`Bearer${validToken}`],
    [`Bearer=${validToken}`],
    [` Bearer ${validToken}`],
    [`XBearer ${validToken}`],
    [validToken],
    ['Bearer'.padEnd(16_000)],
  ])('contains no bearer token: %j', async (authorization) => {
    await expectProblem(authenticate(authorization), 'not-authenticated');
  });
});

describe('a valid token', () => {
  test('identifies the caller', async () => {
    expect(await call(authenticate, await tokenOf('alice'))).toEqual({
      id: 'alice',
      email: 'alice@example.com',
      name: 'alice',
      issuedAt: expect.any(Number) as number,
    });
  });

  test.each([
    ['exp within the tolerance', { exp: now() - 4 }],
    ['iat within the leeway', { iat: now() + 30 }],
    ['nbf within the leeway', { nbf: now() + 30 }],
    ['nbf in the past', { nbf: now() - 10 }],
    ['times with fractions', { iat: now() - 0.5, exp: now() + 60.5 }],
    ['the maximum lifetime', { iat: now() - 60, exp: now() - 60 + 30 * DAY }],
    ['any iss and aud, if none is configured', { iss: 'any issuer', aud: ['anything'] }],
    ['255 emoji as sub', { sub: '😀'.repeat(255) }],
    ['a session cookie', { sub: undefined, user: { id: 'alice' } }],
    ['unknown claims', { role: 'admin', constructor: 1 }],
  ])('can have %s', async (_, changes) => {
    await expect(call(authenticate, sign(claims(changes)))).resolves.toHaveProperty('id');
  });

  test.each([
    ['no typ', {}],
    ['typ JWT', { typ: 'JWT' }],
    ['a kid, which is ignored for a shared secret', { kid: 'x' }],
  ])('can have %s', async (_, extra) => {
    await expect(
      call(authenticate, sign(claims(), { alg: 'HS256', ...extra })),
    ).resolves.toHaveProperty('id');
  });

  test('is signed with the UTF-8 bytes of the secret, not with decoded base64', async () => {
    const secret = 'zäh€😀'.repeat(4);
    const { authenticate } = makeAuthenticator({ secret });
    const token = sign(claims(), { alg: 'HS256' }, secret);
    expect(await call(authenticate, token)).toMatchObject({ id: 'alice' });
    const base64 = Buffer.alloc(48, 7).toString('base64');
    const ofBase64 = makeAuthenticator({ secret: base64 }).authenticate;
    await expect(call(ofBase64, sign(claims(), { alg: 'HS256' }, base64))).resolves.toHaveProperty(
      'id',
    );
  });
});

test('the leeway and the maximum lifetime can be set', async () => {
  const { authenticate } = makeAuthenticator({ secret: SECRET, leeway: 0, maxLifetime: 120 });
  for (const valid of [{ nbf: now() }, { exp: now() + 120 }, { iat: now() - 60, exp: now() - 4 }])
    await expect(call(authenticate, sign(claims(valid)))).resolves.toHaveProperty('id');
  for (const invalid of [{ iat: now() + 1 }, { nbf: now() + 1 }, { exp: now() + 121 }])
    await expectProblem(call(authenticate, sign(claims(invalid))), 'invalid-token');
});

describe('an expired token', () => {
  test.each([
    ['an hour ago', { iat: now() - 7200, exp: now() - 3600 }],
    ['just beyond the tolerance', { iat: now() - 60, exp: now() - 5 }],
    ['in 1970', { exp: 0 }],
    ['before 1970', { exp: -1 }],
    ['with a user only', { sub: undefined, user: { id: 'alice' }, exp: now() - 60 }],
  ])('is rejected as expired: %s', async (_, changes) => {
    await expectProblem(call(authenticate, sign(claims(changes))), 'token-expired');
  });

  test('is rejected as expired, when created by the test helper', async () => {
    await expectProblem(call(authenticate, await expiredTokenOf('alice')), 'token-expired');
  });

  test.each([
    ['forged', sign(claims({ exp: 0 }), { alg: 'HS256' }, 'another secret, not the right one')],
    ['without a user', sign(claims({ sub: undefined, exp: 0 }))],
    ['with a sub of the wrong type', sign(claims({ sub: 7, exp: 0 }))],
    ['without iat', sign(claims({ iat: undefined, exp: 0 }))],
    ['issued in the future', sign(claims({ iat: now() + 3600, exp: 0 }))],
    ['not valid yet', sign(claims({ nbf: now() + 3600, exp: 0 }))],
    ['under another algorithm', sign(claims({ exp: 0 }), { alg: 'HS512' })],
  ])('is invalid if it also has another error: %s', async (_, token) => {
    await expectProblem(call(authenticate, token), 'invalid-token');
  });
});

describe('an invalid token', () => {
  test.each([
    ['no exp', { exp: undefined }],
    ['no iat', { iat: undefined }],
    ['exp null', { exp: null }],
    ['iat null', { iat: null }],
    ['exp in a string', { exp: String(now() + 60) }],
    ['iat in a string', { iat: String(now()) }],
    ['exp in a list', { exp: [now() + 60] }],
    ['exp true', { exp: true }],
    ['exp an object', { exp: {} }],
    ['iat beyond the leeway', { iat: now() + 31 }],
    ['iat in milliseconds', { iat: Date.now() }],
    ['nbf beyond the leeway', { nbf: now() + 31 }],
    ['exp in milliseconds', { exp: Date.now() + 60_000 }],
    ['more than the maximum lifetime', { exp: now() + 30 * DAY + 1 }],
    ['an iat before 1970', { iat: -1 }],
    ['nbf in a string', { nbf: '0' }],
    ['nbf null', { nbf: null }],
    ['no sub', { sub: undefined }],
    ['an empty sub', { sub: '' }],
    ['sub null', { sub: null }],
    ['sub a number', { sub: 7 }],
    ['sub true', { sub: true }],
    ['sub a list', { sub: ['alice'] }],
    ['sub an object', { sub: { id: 'alice' } }],
    ['an empty sub and a user', { sub: '', user: { id: 'alice' } }],
    ['sub null and a user', { sub: null, user: { id: 'alice' } }],
    ['a control character in sub', { sub: 'ali\u0000ce' }],
    ['a line feed after sub', { sub: 'alice\n' }],
    ['DEL in sub', { sub: 'alice\u007f' }],
    ['C1 in sub', { sub: 'alice\u0085' }],
    ['256 emoji as sub', { sub: '😀'.repeat(256) }],
    ['email verification', { sub: undefined, email: 'a@example.com', userId: 'alice' }],
  ])('has %s', async (_, changes) => {
    await expectProblem(call(authenticate, sign(claims(changes))), 'invalid-token');
  });

  const times = `"iat":${now()},"exp":${now() + 60}`;
  test.each([
    ['exp 1e400', `{"sub":"alice","iat":${now()},"exp":1e400}`],
    ['exp -1e400', `{"sub":"alice","iat":${now()},"exp":-1e400}`],
    ['iat -1e400', `{"sub":"alice","iat":-1e400,"exp":${now() + 60}}`],
    ['iat 1e400', `{"sub":"alice","iat":1e400,"exp":${now() + 60}}`],
    ['nbf 1e400', `{"sub":"alice","nbf":1e400,${times}}`],
    ['an unpaired surrogate in sub', `{"sub":"alice\\ud800",${times}}`],
    ['a second sub after the valid one', `{"sub":"alice",${times},"sub":""}`],
    ['a sub that is inherited', `{"__proto__":{"sub":"alice"},${times}}`],
    ['a user that is inherited', `{"__proto__":{"user":{"id":"alice"}},${times}}`],
    ['claims that are null', 'null'],
    ['claims that are a list', `[{"sub":"alice",${times}}]`],
    ['claims that are a string', '"alice"'],
    ['claims that are not JSON', `{"sub":"alice",${times}`],
    ['no claims at all', ''],
  ])('has %s', async (_, text) => {
    await expectProblem(call(authenticate, sign(text)), 'invalid-token');
  });

  test('has claims that are not UTF-8', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`{${times},"sub":"alice`),
      Buffer.from([0xff]),
      Buffer.from('"}'),
    ]);
    const input = `${header}.${bytes.toString('base64url')}`;
    const mac = createHmac('sha256', SECRET).update(input).digest('base64url');
    await expectProblem(call(authenticate, `${input}.${mac}`), 'invalid-token');
  });

  test.each([
    ['alg none', { alg: 'none' }],
    ['alg None', { alg: 'None' }],
    ['alg HS384', { alg: 'HS384' }],
    ['alg HS512', { alg: 'HS512' }],
    ['alg hs256', { alg: 'hs256' }],
    ['alg EdDSA without a JWKS', { alg: 'EdDSA' }],
    ['alg RS256 without a JWKS', { alg: 'RS256' }],
    ['no alg', {}],
    ['alg null', { alg: null }],
    ['alg in a list', { alg: ['HS256'] }],
    ['alg toString', { alg: 'toString' }],
    ['crit of something unknown', { alg: 'HS256', crit: ['exp'], exp: 1 }],
    ['crit empty', { alg: 'HS256', crit: [] }],
    ['an unencoded payload', { alg: 'HS256', b64: false, crit: ['b64'] }],
    ['a header that is a list', [{ alg: 'HS256' }]],
    ['a header that is null', 'null'],
    ['a header that is not JSON', '{"alg":"HS256"'],
    ['an empty header', ''],
  ])('has %s', async (_, head) => {
    await expectProblem(call(authenticate, sign(claims(), head)), 'invalid-token');
  });

  test('is forged', async () => {
    await expectProblem(call(authenticate, await forgedTokenOf('alice')), 'invalid-token');
  });

  test('is signed with a prefix of the secret', async () => {
    const token = sign(claims(), { alg: 'HS256' }, SECRET.slice(0, -1));
    await expectProblem(call(authenticate, token), 'invalid-token');
  });

  const other = sign(claims({ sub: 'mallory' })).split('.');
  test.each([
    ['no signature', `${header}.${payload}.`],
    ['no signature and no dot', `${header}.${payload}`],
    ['one segment', header],
    ['one dot', '.'],
    ['dots only', '..'],
    ['no header', `.${payload}.${signature}`],
    ['no payload', `${header}..${signature}`],
    ['a fourth segment', `${validToken}.${signature}`],
    ['a dot at the end', `${validToken}.`],
    ['five segments, like an encrypted token', `${validToken}.${payload}.${signature}`],
    ['the payload of another token', `${header}.${other[1] ?? ''}.${signature}`],
    ['the signature of another token', `${header}.${payload}.${other[2] ?? ''}`],
    ['a truncated signature', validToken.slice(0, -1)],
    ['alg none in an otherwise valid token', `${encode('{"alg":"none"}')}.${payload}.${signature}`],
    ['a padded signature', `${validToken}=`],
    ['a padded payload', `${header}.${payload}=.${signature}`],
    ['a space inside', `${validToken.slice(0, -4)} ${validToken.slice(-4)}`],
    ['a trailing space', `${validToken} `],
    ['a leading tab', `\t${validToken}`],
    ['a trailing line feed', `${validToken}\n`],
    ['a trailing NUL', `${validToken}\0`],
    ['a comma and another token', `${validToken}, ${validToken}`],
    ['two tokens', `${validToken} ${validToken}`],
    ['quotes', `"${validToken}"`],
    ['characters of base64 instead of base64url', `${header}.${payload}.${'+/'.repeat(21)}A`],
    ['characters of other scripts', `${validToken}ä`],
    ['sixteen thousand dots', '.'.repeat(16_000)],
    ['sixteen thousand letters', 'a'.repeat(16_000)],
    ['a word', 'undefined'],
  ])('has the form: %s', async (_, token) => {
    await expectProblem(call(authenticate, token), 'invalid-token');
  });

  test('has any other last character, also if only unused bits differ', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (const letter of alphabet.replace(validToken.slice(-1), '')) {
      await expectProblem(call(authenticate, validToken.slice(0, -1) + letter), 'invalid-token');
    }
  });

  test('is every token while no key is configured', async () => {
    const nothing = makeAuthenticator({}).authenticate;
    await expectProblem(call(nothing, validToken), 'invalid-token');
    await expectProblem(call(nothing, sign(claims(), { alg: 'HS256' }, '')), 'invalid-token');
  });

  test('does not appear in the error', async () => {
    const token = sign(claims({ exp: undefined }));
    const error = await call(authenticate, token).catch((error: unknown) => error);
    expect(JSON.stringify([(error as Error).message, (error as Error).stack])).not.toContain(
      token.slice(-20),
    );
  });
});
