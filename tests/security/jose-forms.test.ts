import {
  constants,
  createCipheriv,
  createHmac,
  generateKeyPairSync,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';
import {
  CompactEncrypt,
  CompactSign,
  EncryptJWT,
  FlattenedEncrypt,
  FlattenedSign,
  GeneralEncrypt,
  GeneralSign,
  importJWK,
} from 'jose';
import { describe, expect, test } from 'vitest';
import { encode, sign } from '../support/hs256.ts';
import { makeSigningKey } from '../support/jwks-server.ts';
import { claims, eddsa, es256, useTokenService } from '../support/rejected-tokens.ts';
import { SECRET } from '../support/tokens.ts';

// Forms of RFC 7515, 7516 and 7797, with examples in RFC 7520, that are not JSON Web Tokens (RFC 7519). Everything else in
// them is valid: the key, the signature and the claims.

const { service, reasonFor } = useTokenService();

const secret = Buffer.from(SECRET);
const bytes = (text: string) => Buffer.from(text);
const payload = () => bytes(JSON.stringify(claims()));
const NOT_A_JWT = 'not a JWT';
const NOT_CLAIMS = 'JWT Claims Set must be a top-level JSON object';

test('the same content is accepted as a JSON Web Token', async () => {
  const token = await new CompactSign(payload()).setProtectedHeader({ alg: 'HS256' }).sign(secret);
  expect((await service.client.get('/api/me', { token })).status).toBe(200);
});

describe('a detached or unencoded payload', () => {
  const unencoded = { alg: 'HS256', b64: false, crit: ['b64'] };
  const flattened = (content: Buffer) =>
    new FlattenedSign(content).setProtectedHeader(unencoded).sign(secret);

  test('detached', async () => {
    const [header, , signature] = sign(claims()).split('.');
    expect(await reasonFor(`${header}..${signature}`)).toBe(NOT_A_JWT);
  });

  test('detached and unencoded (RFC 7797)', async () => {
    const { protected: header, signature } = await flattened(payload());
    expect(await reasonFor(`${header}..${signature}`)).toBe(NOT_A_JWT);
  });

  test('unencoded', async () => {
    const text = JSON.stringify(claims({ aud: 'tasks' }));
    const { protected: header, signature } = await flattened(bytes(text));
    expect(await reasonFor(`${header}.${text}.${signature}`)).toBe(NOT_A_JWT);
  });

  test('unencoded, and the same characters as encoded claims', async () => {
    const text = encode(JSON.stringify(claims()));
    const { protected: header, signature } = await flattened(bytes(text));
    const reason = 'JWTs MUST NOT use unencoded payload';
    expect(await reasonFor(`${header}.${text}.${signature}`)).toBe(reason);
  });
});

test.each([
  ['a long name', ['x'.repeat(5000)], `Extension Header Parameter "${'x'.repeat(172)}`],
  ['the name of a claim', ['exp'], 'Extension Header Parameter "exp" is not recognized'],
  [
    'not a list',
    'b64',
    '"crit" (Critical) Header Parameter MUST be an array of non-empty strings when present',
  ],
])('an unknown critical extension: %s', async (_, crit, reason) => {
  expect(await reasonFor(sign(claims(), { alg: 'HS256', crit }))).toBe(reason);
});

describe('a signature over something that is not claims', () => {
  const signers: [string, (content: Buffer, header?: object) => Promise<string> | string][] = [
    [
      'HS256',
      (content, header) =>
        new CompactSign(content).setProtectedHeader({ alg: 'HS256', ...header }).sign(secret),
    ],
    [
      'EdDSA',
      (content, header) =>
        new CompactSign(content)
          .setProtectedHeader({ alg: 'EdDSA', kid: 'eddsa', ...header })
          .sign(eddsa.privateKey),
    ],
  ];

  test.each(signers)('%s: a text', async (_, signed) => {
    expect(await reasonFor(await signed(bytes('Buy milk, \u{1F95B}.')))).toBe(NOT_CLAIMS);
  });

  test.each(signers)('%s: another token', async (_, signed) => {
    const token = await signed(bytes(sign(claims())), { cty: 'JWT' });
    expect(await reasonFor(token)).toBe(NOT_CLAIMS);
  });
});

describe('an unknown key', () => {
  test.each([
    ['PS384', 'alg is PS384, for which no key is configured'],
    ['ES512', 'unknown kid'],
    ['RS256', 'unknown kid'],
    ['ES256', 'unknown kid'],
    ['EdDSA', 'unknown kid'],
  ])('%s', async (alg, reason) => {
    const key = await makeSigningKey(alg, 'unknown');
    expect(await reasonFor(await key.sign(claims()))).toBe(reason);
  });

  test('HS256', async () => {
    const token = sign(
      claims(),
      { alg: 'HS256', kid: '018c0ae5' },
      randomBytes(32).toString('hex'),
    );
    expect(await reasonFor(token)).toBe('invalid signature');
  });
});

describe('the JSON serialization of a signature', () => {
  const one = () => new FlattenedSign(payload());
  const many = () => {
    const general = new GeneralSign(payload());
    general.addSignature(secret).setProtectedHeader({ alg: 'HS256' });
    return general;
  };

  test.each<[string, () => Promise<object>]>([
    ['flattened', () => one().setProtectedHeader({ alg: 'HS256' }).sign(secret)],
    [
      'flattened, with an unprotected header',
      () =>
        one().setProtectedHeader({ alg: 'HS256' }).setUnprotectedHeader({ kid: 'x' }).sign(secret),
    ],
    [
      'flattened, with an unprotected header only',
      () => one().setUnprotectedHeader({ alg: 'HS256' }).sign(secret),
    ],
    ['general, with one signature', () => many().sign()],
    [
      'general, with several signatures',
      () =>
        many()
          .addSignature(eddsa.privateKey)
          .setProtectedHeader({ alg: 'EdDSA' })
          .setUnprotectedHeader({ kid: 'eddsa' })
          .sign(),
    ],
  ])('%s', async (_, serialize) => {
    expect(await reasonFor(JSON.stringify(await serialize()))).toBe(NOT_A_JWT);
  });
});

/** Claims that are encrypted with RSA1_5 and A128CBC-HS256 (RFC 7518, sections 4.2 and 5.2.3), which jose does not have. */
function rsa15(): string {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const [key, iv] = [randomBytes(32), randomBytes(16)];
  const header = encode(JSON.stringify({ alg: 'RSA1_5', enc: 'A128CBC-HS256' }));
  const cipher = createCipheriv('aes-128-cbc', key.subarray(16), iv);
  const ciphertext = Buffer.concat([cipher.update(payload()), cipher.final()]);
  const length = Buffer.alloc(8);
  length.writeUInt32BE(header.length * 8, 4);
  const tag = createHmac('sha256', key.subarray(0, 16))
    .update(Buffer.concat([bytes(header), iv, ciphertext, length]))
    .digest()
    .subarray(0, 16);
  const encryptedKey = publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, key);
  const parts = [encryptedKey, iv, ciphertext, tag].map((part) => part.toString('base64url'));
  return [header, ...parts].join('.');
}

describe('an encrypted token', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
  /** The public key of the service's JWKS, used for encryption. */
  const ecdh = async () => importJWK({ ...es256.jwk, alg: 'ECDH-ES' });
  const header = { alg: 'ECDH-ES', enc: 'A128GCM' };

  test.each<[string, () => Promise<string> | string]>([
    ['RSA1_5', rsa15],
    [
      'RSA-OAEP',
      () =>
        new CompactEncrypt(payload())
          .setProtectedHeader({ alg: 'RSA-OAEP', enc: 'A256GCM' })
          .encrypt(rsa),
    ],
    ...['ECDH-ES', 'ECDH-ES+A128KW'].map((alg): [string, () => Promise<string>] => [
      alg,
      async () =>
        new EncryptJWT(claims()).setProtectedHeader({ ...header, alg }).encrypt(await ecdh()),
    ]),
    ...['dir', 'A256GCMKW'].map((alg): [string, () => Promise<string>] => [
      alg,
      () =>
        new EncryptJWT(claims())
          .setProtectedHeader({ alg, enc: 'A256GCM' })
          .encrypt(secret.subarray(0, 32)),
    ]),
    [
      'a valid token inside',
      () =>
        new CompactEncrypt(bytes(sign(claims())))
          .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', cty: 'JWT' })
          .encrypt(secret.subarray(0, 32)),
    ],
  ])('%s', async (_, encrypt) => {
    const token = await encrypt();
    expect(token.split('.')).toHaveLength(5);
    expect(await reasonFor(token)).toBe(NOT_A_JWT);
  });

  test('its JSON serializations', async () => {
    const key = await ecdh();
    const flattened = new FlattenedEncrypt(payload()).setProtectedHeader(header);
    const general = new GeneralEncrypt(payload()).setProtectedHeader({ enc: 'A128GCM' });
    general.addRecipient(key).setUnprotectedHeader({ alg: 'ECDH-ES+A128KW' });
    general.addRecipient(rsa).setUnprotectedHeader({ alg: 'RSA-OAEP' });
    for (const json of [await flattened.encrypt(key), await general.encrypt()])
      expect(await reasonFor(JSON.stringify(json))).toBe(NOT_A_JWT);
  });
});
