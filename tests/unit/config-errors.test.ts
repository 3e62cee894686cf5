import { randomBytes } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { ConfigError } from '../../src/errors/config-error.ts';
import { PRODUCTION } from '../support/production.ts';

const SAMPLE = 'zF4Gr5uYTUtVZVcyXGLFaTyskJhewCl5';
const { BETTER_AUTH_SECRET: SECRET, DATABASE_URL: DATABASE } = PRODUCTION;

/** The lines of the error message. */
function errorsOf(environment: Record<string, string>): string[] {
  try {
    parseConfig(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message.split('\n');
  }
  return [];
}

const PORT = 'PORT: must be an integer from 0 to 65535';
const DELAY = 'SHUTDOWN_DELAY: must be an integer from 0 to 3';
const POOL = 'DATABASE_POOL_SIZE: must be an integer from 1 to 200';
const ORIGINS = 'CORS_ORIGINS: must be origins such as https://example.com, separated by commas; ';
const NETWORKS =
  'TRUSTED_PROXIES: must be IP addresses or networks such as 10.0.0.0/24, separated by commas; ';
const STORE = 'RATE_LIMIT_STORE: must be a URL such as redis://user:password@host:6379/0';
const URL_OF_DATABASE =
  'DATABASE_URL: must be a URL such as postgres://user:password@host:5432/database';

test('row-level security and distribution exclude each other', () => {
  expect(parseConfig({ DATABASE_SERVICE_ROLE: 'service' }).serviceRole).toBe('service');
  const both = { DATABASE_SERVICE_ROLE: 'service', DATABASE_DISTRIBUTED: 'citus' };
  expect(() => parseConfig(both)).toThrow(/^DATABASE_SERVICE_ROLE: .* remove one of them$/);
});

test('the configuration is frozen', () => {
  const config = parseConfig({});
  expect(() => Object.assign(config, { port: 1 })).toThrow(TypeError);
  expect(() => Object.assign(config.auth, { secret: SECRET })).toThrow(TypeError);
});

test.each([
  [{}, 'DATABASE_READ_URL: requires DATABASE_URL, the URL of its primary server'],
  [
    { ...PRODUCTION },
    'DATABASE_READ_URL: requires RATE_LIMIT_STORE in production and with several WORKERS, so that all processes know which users have written',
  ],
  [
    { DATABASE_URL: DATABASE, WORKERS: 'auto' },
    'DATABASE_READ_URL: requires RATE_LIMIT_STORE in production and with several WORKERS, so that all processes know which users have written',
  ],
])('a read replica of %o is refused', (environment, message) => {
  expect(errorsOf({ ...environment, DATABASE_READ_URL: DATABASE })).toEqual([message]);
});

test.each([
  ['NODE_ENV', 'prod', 'NODE_ENV: must be one of development, test, production'],
  ['PORT', 'http', PORT],
  ['PORT', '65536', PORT],
  ['PORT', '-1', PORT],
  ['PORT', '80.5', PORT],
  ['PORT', '0x50', PORT],
  ['PORT', '1e3', PORT],
  ['PORT', ' 80', PORT],
  ['LOG_LEVEL', 'loud', 'LOG_LEVEL: must be one of fatal, error, warn, info, debug, trace, silent'],
  ['SHUTDOWN_DELAY', '6', DELAY],
  ['SHUTDOWN_DELAY', 'soon', DELAY],
  ['TRUSTED_PROXIES', 'loopback', `${NETWORKS}"loopback" is neither`],
  ['TRUSTED_PROXIES', '10.0.0.0/33', `${NETWORKS}"10.0.0.0/33" is neither`],
  ['RATE_LIMIT', '-1', 'RATE_LIMIT: must be an integer from 0 to 100000000'],
  ['AUTH_FAILURE_LIMIT', 'off', 'AUTH_FAILURE_LIMIT: must be an integer from 0 to 100000000'],
  ['RATE_LIMIT_STORE', 'cache:6379', STORE],
  ['DATABASE_POOL_SIZE', '0', POOL],
  ['DATABASE_POOL_SIZE', '201', POOL],
  [
    'DATABASE_PREPARED_STATEMENTS',
    'yes',
    'DATABASE_PREPARED_STATEMENTS: must be one of auto, on, off',
  ],
  ['CORS_ORIGINS', '*', `${ORIGINS}"*" is not an origin`],
  ['CORS_ORIGINS', 'example.com', `${ORIGINS}"example.com" is not an origin`],
  ['CORS_ORIGINS', 'https://a.example/', `${ORIGINS}"https://a.example/" is not an origin`],
  ['CORS_ORIGINS', 'https://a.example,', `${ORIGINS}"" is not an origin`],
  [
    'CORS_ORIGINS',
    'https://a.example b\nc',
    `${ORIGINS}"https://a.example b\\nc" is not an origin`,
  ],
  ...[
    'null',
    'https://*',
    'https://*.app',
    'https://*.*.vercel.app',
    'https://a.*.vercel.app',
    'https://**.vercel.app',
    'https://*.vercel.app/',
    'https://*.Vercel.app',
    '*://a.example.com',
    'capacitor://*.example.com',
    'capacitor://',
    'capacitor://localhost/',
    'file://',
    'javascript:alert(1)',
  ].map((origin) => ['CORS_ORIGINS', origin, `${ORIGINS}"${origin}" is not an origin`]),
  ['JWT_LEEWAY', '6m', 'JWT_LEEWAY: must be a duration from 0s to 5m, such as 90s, 15m, 12h or 7d'],
  [
    'JWT_MAX_LIFETIME',
    '30',
    'JWT_MAX_LIFETIME: must be a duration from 1m to 365d, such as 90s, 15m, 12h or 7d',
  ],
  ...[
    'example.com',
    'https://a.example/x?y',
    'https://a.example/#',
    "https://a.example/'",
    'https://a.example//b',
    'https://user:word@a.example',
  ].map((value) => [
    'PUBLIC_URL',
    value,
    'PUBLIC_URL: must be a URL such as https://example.com or https://example.com/todo',
  ]),
  ['DATABASE_URL', 'localhost:5432', URL_OF_DATABASE],
  ['DATABASE_URL', 'mysql://host/database', URL_OF_DATABASE],
  [
    'BETTER_AUTH_JWKS_URL',
    'https://user:word@auth.example/jwks',
    'BETTER_AUTH_JWKS_URL: must not contain a user name or password',
  ],
  [
    'BETTER_AUTH_URL',
    'https://auth.example/?x=1',
    'BETTER_AUTH_URL: must not contain a query or a fragment',
  ],
  ['BETTER_AUTH_URL', 'auth.example', 'BETTER_AUTH_URL: must be a URL such as https://example.com'],
  [
    'BETTER_AUTH_JWKS_URL',
    'ftp://auth.example/jwks',
    'BETTER_AUTH_JWKS_URL: must be a URL such as https://example.com',
  ],
  [
    'BETTER_AUTH_SECRET',
    'x'.repeat(31),
    'BETTER_AUTH_SECRET: must have at least 32 bytes; generate one: openssl rand -base64 32',
  ],
])('%s=%s is one line of the error', (name, value, line) => {
  expect(errorsOf({ [name]: value })).toEqual([line]);
});

test('errors do not contain a password or a secret', () => {
  expect(errorsOf({ DATABASE_URL: 'mysql://user:hidden@host' }).join()).not.toContain('hidden');
  expect(errorsOf({ BETTER_AUTH_SECRET: 'hidden' }).join()).not.toContain('hidden');
});

test('one line per error, including the requirements of production', () => {
  const lines = errorsOf({
    NODE_ENV: 'production',
    PORT: 'x',
    LOG_LEVEL: 'y',
    CORS_ORIGINS: 'a,b',
  });
  expect(lines.map((line) => line.split(': ')[0])).toEqual([
    'PORT',
    'LOG_LEVEL',
    'CORS_ORIGINS',
    'BETTER_AUTH_SECRET',
    'DATABASE_URL',
  ]);
});

describe('production', () => {
  const GENERATE = 'generate your own: openssl rand -base64 32';

  test('requires a key, a database and CORS origins, and reports all at once', () => {
    expect(errorsOf({ NODE_ENV: 'production' })).toEqual([
      'BETTER_AUTH_SECRET: set it or BETTER_AUTH_URL; one of them is required to verify tokens',
      'DATABASE_URL: required in production, such as postgres://user:password@host:5432/database',
      'CORS_ORIGINS: required in production; set CORS_ORIGINS=https://app.example.com, or CORS_ORIGINS=none if no page of another origin calls the service',
    ]);
  });

  test.each([
    { BETTER_AUTH_SECRET: SECRET, JWT_AUDIENCE: 'tasks' },
    { BETTER_AUTH_URL: 'https://auth.example' },
    { BETTER_AUTH_JWKS_URL: 'https://auth.example/jwks', JWT_AUDIENCE: 'tasks' },
  ])('accepts one kind of key: %j', (key) => {
    const environment = { NODE_ENV: 'production', DATABASE_URL: DATABASE, CORS_ORIGINS: 'none' };
    expect(errorsOf({ ...environment, ...key })).toEqual([]);
  });

  test.each([
    SAMPLE,
    ` ${SAMPLE}`,
    `${SAMPLE} `,
    `"${SAMPLE}"`,
    'better-auth-secret-12345678901234567890',
    'better-auth-secret-123456789-and-more',
  ])('rejects a published secret, also together with a JWKS: %j', (published) => {
    const line = `BETTER_AUTH_SECRET: this is a published sample value; ${GENERATE}`;
    const environment = { ...PRODUCTION, BETTER_AUTH_SECRET: published };
    expect(errorsOf(environment)).toEqual([line]);
    expect(errorsOf({ ...environment, BETTER_AUTH_URL: 'https://auth.example' })).toEqual([line]);
  });

  test.each(['a'.repeat(32), 'ab'.repeat(20), 'abcdefg'.repeat(6), '1234567890'.repeat(4)])(
    'rejects a secret of few characters: %s',
    (weak) => {
      expect(errorsOf({ ...PRODUCTION, BETTER_AUTH_SECRET: weak })).toEqual([
        `BETTER_AUTH_SECRET: too few different characters; ${GENERATE}`,
      ]);
      expect(errorsOf({ BETTER_AUTH_SECRET: weak })).toEqual([]);
    },
  );

  test('accepts every generated secret', () => {
    for (let count = 0; count < 1000; count += 1) {
      for (const encoding of ['base64', 'hex'] as const) {
        const BETTER_AUTH_SECRET = randomBytes(32).toString(encoding);
        expect(errorsOf({ ...PRODUCTION, BETTER_AUTH_SECRET })).toEqual([]);
      }
    }
  });

  const { BETTER_AUTH_SECRET: _, ...withoutSecret } = PRODUCTION;
  test.each([
    [{ BETTER_AUTH_URL: 'http://auth.example' }, 'https://auth.example/api/auth/jwks'],
    [{ BETTER_AUTH_JWKS_URL: 'http://10.9.8.7:3000/jwks' }, 'https://10.9.8.7:3000/jwks'],
    [
      { BETTER_AUTH_URL: 'https://auth.example', BETTER_AUTH_JWKS_URL: 'HTTP://auth/jwks' },
      'https://auth/jwks',
    ],
  ])('rejects a JWKS over http: %j', (urls, https) => {
    expect(errorsOf({ ...withoutSecret, ...urls })).toEqual([
      `BETTER_AUTH_JWKS_URL: keys that are fetched over http can be tampered with in transit; set BETTER_AUTH_JWKS_URL=${https}`,
    ]);
  });

  test.each([
    'http://localhost:3000/jwks',
    'http://127.0.0.1:3000/jwks',
    'http://[::1]:3000/jwks',
    ...Object.values(networkInterfaces())
      .flatMap((addresses = []) => addresses)
      .map(({ family, address }) => (family === 'IPv6' ? `[${address}]` : address))
      .map((host) => `http://${host}:3000/jwks`),
  ])('accepts the JWKS of this machine over http: %s', (BETTER_AUTH_JWKS_URL) => {
    expect(errorsOf({ ...withoutSecret, BETTER_AUTH_JWKS_URL })).toEqual([]);
  });

  test.each([
    [{ BETTER_AUTH_SECRET: SECRET }, 'https://app.example.com'],
    [{ BETTER_AUTH_JWKS_URL: 'https://auth.example/jwks' }, 'https://app.example.com'],
    [
      { BETTER_AUTH_SECRET: SECRET, BETTER_AUTH_URL: 'https://auth.example/base' },
      'https://auth.example',
    ],
  ])('requires JWT_AUDIENCE, or `any` for tokens of every audience: %j', (key, suggested) => {
    const environment = { NODE_ENV: 'production', DATABASE_URL: DATABASE, CORS_ORIGINS: 'none' };
    expect(errorsOf({ ...environment, ...key })).toEqual([
      `JWT_AUDIENCE: required in production, so that tokens for other services are rejected; set JWT_AUDIENCE=${suggested}, or JWT_AUDIENCE=any to accept tokens of every audience`,
    ]);
    const { auth } = parseConfig({ ...environment, ...key, JWT_AUDIENCE: 'any' });
    expect(auth.audience).toBeUndefined();
  });
});

test('outside production, the sample secret is accepted and reported', () => {
  for (const NODE_ENV of ['development', 'test', '']) {
    const { auth } = parseConfig({ NODE_ENV, BETTER_AUTH_SECRET: SAMPLE });
    expect(auth).toMatchObject({ secret: SAMPLE, isSampleSecret: true });
  }
  expect(parseConfig({ BETTER_AUTH_SECRET: SECRET }).auth.isSampleSecret).toBe(false);
});
