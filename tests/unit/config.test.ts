import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { ConfigError } from '../../src/errors/config-error.ts';

const SECRET = 'x'.repeat(32);
const SAMPLE = 'zF4Gr5uYTUtVZVcyXGLFaTyskJhewCl5';
const DATABASE = 'postgres://user:password@host:5432/database';
const PRODUCTION = {
  NODE_ENV: 'production',
  BETTER_AUTH_SECRET: SECRET,
  DATABASE_URL: DATABASE,
};

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

describe('defaults', () => {
  test('in development', () => {
    expect(parseConfig({})).toEqual({
      production: false,
      host: '127.0.0.1',
      port: 8000,
      logLevel: 'info',
      corsOrigins: ['http://localhost:3000'],
      workers: 1,
      shutdownDelay: 0,
      dataDir: resolve('.data'),
      databaseUrl: undefined,
      databasePoolSize: 10,
      preparedStatements: 'auto',
      auth: {
        secret: undefined,
        isSampleSecret: false,
        jwksUrl: undefined,
        issuer: undefined,
        audience: undefined,
        jwksOrigin: undefined,
      },
    });
  });

  test('in production', () => {
    expect(parseConfig(PRODUCTION)).toMatchObject({
      production: true,
      host: '0.0.0.0',
      port: 8000,
      shutdownDelay: 3,
    });
  });

  test('for empty values', () => {
    const names = [
      'NODE_ENV',
      'HOST',
      'PORT',
      'DATABASE_URL',
      'BETTER_AUTH_SECRET',
      'CORS_ORIGINS',
    ];
    expect(parseConfig(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(
      parseConfig({}),
    );
  });

  test('with unrelated environment variables', () => {
    expect(parseConfig({ PATH: '/bin', constructor: 'x' })).toEqual(parseConfig({}));
  });
});

test('every setting can be set', () => {
  const config = parseConfig({
    NODE_ENV: 'production',
    HOST: '::1',
    PORT: '0',
    LOG_LEVEL: 'debug',
    CORS_ORIGINS: 'https://a.example, http://localhost:3000 ,https://b.example:8443',
    WORKERS: 'auto',
    SHUTDOWN_DELAY: '2',
    DATA_DIR: '/somewhere',
    DATABASE_URL: 'postgresql://host/database?sslmode=require',
    DATABASE_POOL_SIZE: '200',
    DATABASE_PREPARED_STATEMENTS: 'off',
    BETTER_AUTH_SECRET: 'ü'.repeat(16),
    BETTER_AUTH_URL: 'https://auth.example/base/',
    JWT_ISSUER: 'issuer',
    JWT_AUDIENCE: 'audience',
  });
  expect(config).toEqual({
    production: true,
    host: '::1',
    port: 0,
    logLevel: 'debug',
    corsOrigins: ['https://a.example', 'http://localhost:3000', 'https://b.example:8443'],
    workers: availableParallelism(),
    shutdownDelay: 2,
    dataDir: '/somewhere',
    databaseUrl: 'postgresql://host/database?sslmode=require',
    databasePoolSize: 200,
    preparedStatements: 'off',
    auth: {
      secret: 'ü'.repeat(16),
      isSampleSecret: false,
      jwksUrl: 'https://auth.example/base/api/auth/jwks',
      issuer: 'issuer',
      audience: 'audience',
      jwksOrigin: 'https://auth.example',
    },
  });
});

test('the configuration is frozen', () => {
  const config = parseConfig({});
  expect(() => Object.assign(config, { port: 1 })).toThrow(TypeError);
  expect(() => Object.assign(config.auth, { secret: SECRET })).toThrow(TypeError);
});

test('the URL of the JWKS can be set separately', () => {
  const { auth } = parseConfig({
    BETTER_AUTH_URL: 'https://auth.example',
    BETTER_AUTH_JWKS_URL: 'http://keys.example/jwks',
  });
  expect(auth).toMatchObject({
    jwksUrl: 'http://keys.example/jwks',
    jwksOrigin: 'https://auth.example',
  });
});

const PORT = 'PORT: must be an integer from 0 to 65535';
const DELAY = 'SHUTDOWN_DELAY: must be an integer from 0 to 3';
const POOL = 'DATABASE_POOL_SIZE: must be an integer from 1 to 200';
const ORIGINS = 'CORS_ORIGINS: must be origins such as https://example.com, separated by commas; ';
const URL_OF_DATABASE =
  'DATABASE_URL: must be a URL such as postgres://user:password@host:5432/database';

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
  ['DATABASE_URL', 'localhost:5432', URL_OF_DATABASE],
  ['DATABASE_URL', 'mysql://host/database', URL_OF_DATABASE],
  [
    'BETTER_AUTH_JWKS_URL',
    'https://user:word@auth.example/jwks',
    'BETTER_AUTH_JWKS_URL: must not contain a user name or password',
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
  test('requires a database and a key, and reports both at once', () => {
    expect(errorsOf({ NODE_ENV: 'production' })).toEqual([
      'BETTER_AUTH_SECRET: set it or BETTER_AUTH_URL; one of them is required to verify tokens',
      'DATABASE_URL: required in production, such as postgres://user:password@host:5432/database',
    ]);
  });

  test.each([
    { BETTER_AUTH_SECRET: SECRET },
    { BETTER_AUTH_URL: 'https://auth.example' },
    { BETTER_AUTH_JWKS_URL: 'https://auth.example/jwks' },
  ])('accepts one kind of key: %j', (key) => {
    expect(errorsOf({ NODE_ENV: 'production', DATABASE_URL: DATABASE, ...key })).toEqual([]);
  });

  test('rejects the sample secret, also together with a JWKS', () => {
    const line =
      'BETTER_AUTH_SECRET: this is a published sample value; generate your own: openssl rand -base64 32';
    const environment = { ...PRODUCTION, BETTER_AUTH_SECRET: SAMPLE };
    expect(errorsOf(environment)).toEqual([line]);
    expect(errorsOf({ ...environment, BETTER_AUTH_URL: 'https://auth.example' })).toEqual([line]);
  });
});

test('outside production, the sample secret is accepted and reported', () => {
  for (const NODE_ENV of ['development', 'test', '']) {
    const { auth } = parseConfig({ NODE_ENV, BETTER_AUTH_SECRET: SAMPLE });
    expect(auth).toMatchObject({ secret: SAMPLE, isSampleSecret: true });
  }
  expect(parseConfig({ BETTER_AUTH_SECRET: SECRET }).auth.isSampleSecret).toBe(false);
});
