import { createHmac, sign as signBytes, KeyObject } from 'node:crypto';
import { CompactEncrypt, UnsecuredJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import type { Problem } from '../support/client.ts';
import { encode, now, sign } from '../support/hs256.ts';
import { makeSigningKey, startJwksServer } from '../support/jwks-server.ts';
import {
  AUDIENCE,
  claims,
  eddsa,
  es256,
  ISSUER,
  useTokenService,
} from '../support/rejected-tokens.ts';
import { SECRET } from '../support/tokens.ts';

const stranger = await makeSigningKey('EdDSA', 'stranger');
/** The order of the base point of Ed25519 (RFC 8032, section 5.1). */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

const { service, reasonFor } = useTokenService();

/** A token whose signature is made from its signing input. */
function tokenWith(header: object, signature: (input: Buffer) => Buffer): string {
  const input = `${encode(JSON.stringify(header))}.${encode(JSON.stringify(claims()))}`;
  return `${input}.${signature(Buffer.from(input)).toString('base64url')}`;
}

/** Adds the group order to S: the same equation holds, but RFC 8032 requires S < L. */
async function malleated(): Promise<string> {
  const [header, payload, signature = ''] = (await eddsa.sign(claims())).split('.');
  const bytes = Buffer.from(signature, 'base64url');
  const s = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString('hex')}`) + L;
  Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse().copy(bytes, 32);
  return [header, payload, bytes.toString('base64url')].join('.');
}

async function encrypted(alg: string, parameters: object = {}): Promise<string> {
  const jwe = new CompactEncrypt(Buffer.from(JSON.stringify(claims())));
  jwe.setProtectedHeader({ alg, enc: 'A128CBC-HS256', ...parameters });
  return jwe.encrypt(Buffer.from(SECRET).subarray(0, 32));
}

test('tokens of both kinds are accepted', async () => {
  for (const token of [sign(claims()), await eddsa.sign(claims()), await es256.sign(claims())])
    expect((await service.client.get('/api/me', { token })).status).toBe(200);
});

describe('the log line of a request has the reason why its token was rejected', () => {
  test.each([
    [
      'a session token',
      'fzdk4GdmCAsR1mvTbGVHYlZhFqnHYIkJ.pVO8y4AIhdfHvzWeqJMSIbzcTnr1',
      'not a JWT',
    ],
    ['a word', 'undefined', 'not a JWT'],
    ['a header that is not JSON', sign(claims(), '{"alg":"HS256"'), 'not a JWT'],
    [
      'another algorithm',
      sign(claims(), { alg: 'HS512' }),
      'alg is HS512, for which no key is configured',
    ],
    ['no signature', new UnsecuredJWT(claims()).encode() + 'x', 'not a JWT'],
    ['another secret', sign(claims(), { alg: 'HS256' }, 'x'), 'invalid signature'],
    ['no exp', sign(claims({ exp: undefined })), 'exp missing'],
    ['no iat', sign(claims({ iat: undefined })), 'iat missing'],
    ['no iss', sign(claims({ iss: undefined })), 'iss missing'],
    ['another iss', sign(claims({ iss: 'https://other.example' })), 'iss is https://other.example'],
    ['no aud', sign(claims({ aud: undefined })), 'aud missing'],
    ['another aud', sign(claims({ aud: 'https://other.example' })), 'aud is https://other.example'],
    ['other auds', sign(claims({ aud: ['a', 'b'] })), 'aud is ["a","b"]'],
    ['iat in the future', sign(claims({ iat: now() + 600 })), 'iat in the future'],
    ['nbf in the future', sign(claims({ nbf: now() + 600 })), 'nbf in the future'],
    [
      'exp in milliseconds',
      sign(claims({ exp: Date.now() })),
      'lifetime of more than 2592000 seconds (exp - iat)',
    ],
    ['exp in a string', sign(claims({ exp: String(now() + 60) })), 'exp is not a number'],
    [
      'exp 1e400',
      sign(`{"aud":"${AUDIENCE}","iss":"${ISSUER}","exp":1e400}`),
      'exp is not a finite number',
    ],
    ['no user', sign(claims({ sub: undefined })), 'no valid user id in sub or user.id'],
  ])('%s', async (_, token, reason) => {
    expect(await reasonFor(token)).toBe(reason);
  });

  test('a key that is not in the JWKS', async () => {
    expect(await reasonFor(await stranger.sign(claims()))).toBe('unknown kid');
  });

  test('an expired token', async () => {
    const token = sign(claims({ exp: now() - 10 }));
    expect(await reasonFor(token, 'token-expired')).toBe('expired');
  });

  test('a rejection that is cached', async () => {
    const token = sign(claims(), { alg: 'HS256' }, 'y');
    expect(await reasonFor(token)).toBe('invalid signature');
    expect(await reasonFor(token)).toBe('invalid signature');
  });

  test('long values are cut', async () => {
    const token = sign(claims({ aud: 'x'.repeat(5000) }));
    expect(await reasonFor(token)).toBe(`aud is ${'x'.repeat(200)}`);
  });
});

describe('a token cannot bring its own key', () => {
  test.each(['jku', 'x5u'])('%s is not fetched', async (name) => {
    await using other = await startJwksServer([stranger]);
    for (const kid of ['stranger', 'eddsa'])
      await reasonFor(await stranger.sign(claims(), { kid, [name]: other.url }));
    expect(other.fetches()).toBe(0);
  });

  test.each([
    ['jwk', { jwk: stranger.jwk }],
    ['x5c', { x5c: [Buffer.from('a certificate').toString('base64')] }],
  ])('%s is ignored', async (_, header) => {
    const token = await stranger.sign(claims(), { kid: 'eddsa', ...header });
    expect(await reasonFor(token)).toBe('invalid signature');
  });
});

describe('a signature in another form is invalid', () => {
  const header = { alg: 'ES256', kid: 'es256' };

  test.each([
    ['r = s = 0', () => Buffer.alloc(64)],
    ['r = s = 1', () => Buffer.alloc(64).fill(1, 31, 32).fill(1, 63)],
    [
      'r = s = n',
      () =>
        Buffer.from(
          'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'.repeat(2),
          'hex',
        ),
    ],
    ['DER', (input: Buffer) => signBytes('sha256', input, KeyObject.from(es256.privateKey))],
    ['empty DER integers', () => Buffer.from('30060201000201 00'.replace(' ', ''), 'hex')],
    ['an HMAC', (input: Buffer) => createHmac('sha256', SECRET).update(input).digest()],
  ])('ES256: %s', async (_, signature) => {
    expect(await reasonFor(tokenWith(header, signature))).toBe('invalid signature');
  });

  test('Ed25519: S + L', async () => {
    expect(await reasonFor(await malleated())).toBe('invalid signature');
  });

  test.each([0, 32, 63, 65, 128])('Ed25519: %i zero bytes', async (length) => {
    const token = tokenWith({ alg: 'EdDSA', kid: 'eddsa' }, () => Buffer.alloc(length));
    expect(await reasonFor(token)).toBe(length === 0 ? 'not a JWT' : 'invalid signature');
  });
});

describe('an encrypted token, with five segments, is not decrypted', () => {
  test.each([
    ['dir', {}],
    ['A256KW', {}],
    ['PBES2-HS256+A128KW', {}],
  ])('%s', async (alg, parameters) => {
    const token = await encrypted(alg, parameters);
    expect(token.split('.')).toHaveLength(5);
    expect(await reasonFor(token)).toBe('not a JWT');
  });

  test('PBES2 with 2^31 iterations', async () => {
    const header = { alg: 'PBES2-HS256+A128KW', enc: 'A128GCM', p2s: 'c2FsdA', p2c: 2 ** 31 };
    expect(await reasonFor(`${encode(JSON.stringify(header))}.a.b.c.d`)).toBe('not a JWT');
    expect(await reasonFor(sign(claims(), header))).toMatch(/^alg is PBES2/);
  });
});

describe('a valid token outside the Authorization header does not authenticate', () => {
  const token = sign(claims());

  test.each([
    ['a query parameter', '/api/tasks?access_token=', {}],
    ['the query of a path without parameters', '/api/me?token=', {}],
    ['a cookie', '/api/me', { Cookie: `better-auth.session_data=${token}; token=${token}` }],
    ['X-Access-Token', '/api/me', { 'X-Access-Token': token }],
    ['Proxy-Authorization', '/api/me', { 'Proxy-Authorization': `Bearer ${token}` }],
  ])('%s', async (_, path, headers) => {
    service.log.length = 0;
    const url = path.endsWith('=') ? path + token : path;
    const response = await service.client.get<Problem>(url, { headers });
    expect(response.status).toBe(401);
    expect(response.body.code).toBe('not-authenticated');
    await expect.poll(() => service.log.length).toBeGreaterThan(0);
    expect(service.log.join('')).not.toContain(token.split('.')[2]);
    expect(JSON.parse(service.log[0] ?? '')).toMatchObject({ reason: 'no bearer token' });
  });

  test('the body of a form', async () => {
    const response = await service.client.post<Problem>('/api/tasks', `access_token=${token}`, {
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    });
    expect(response.status).toBe(401);
  });
});
