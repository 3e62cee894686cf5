import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { PRODUCTION } from '../support/production.ts';

describe('defaults', () => {
  test('in development', () => {
    expect(parseConfig({})).toEqual({
      production: false,
      host: '127.0.0.1',
      port: 8000,
      logLevel: 'info',
      metricsPort: undefined,
      tracing: false,
      corsOrigins: ['http://localhost:3000'],
      trustedProxies: [],
      publicUrl: undefined,
      rateLimits: { perUser: 0, perAddress: 0, store: undefined },
      workers: 1,
      shutdownDelay: 0,
      dataDir: resolve('.data'),
      databaseUrl: undefined,
      replica: undefined,
      databasePoolSize: 10,
      distributed: false,
      serviceRole: undefined,
      preparedStatements: 'auto',
      auth: {
        secret: undefined,
        isSampleSecret: false,
        jwksUrl: undefined,
        issuer: undefined,
        audience: undefined,
        jwksOrigin: undefined,
        leeway: 30,
        maxLifetime: 2_592_000,
      },
    });
  });

  test('in production', () => {
    expect(parseConfig(PRODUCTION)).toMatchObject({
      production: true,
      host: '0.0.0.0',
      port: 8000,
      shutdownDelay: 3,
      rateLimits: { perUser: 1200, perAddress: 60, store: undefined },
    });
  });

  test('of rate limits, unless they are turned off', () => {
    const off = { RATE_LIMIT: '0', AUTH_FAILURE_LIMIT: '0' };
    const { rateLimits } = parseConfig({ ...PRODUCTION, ...off });
    expect(rateLimits).toMatchObject({ perUser: 0, perAddress: 0 });
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
    METRICS_PORT: '9464',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318',
    CORS_ORIGINS: 'https://a.example, http://localhost:3000 ,https://b.example:8443',
    TRUSTED_PROXIES: '10.0.0.0/8, ::1',
    PUBLIC_URL: 'https://example.com/todo/',
    RATE_LIMIT: '0',
    AUTH_FAILURE_LIMIT: '7',
    RATE_LIMIT_STORE: 'redis://:password@cache:6379/1',
    WORKERS: 'auto',
    SHUTDOWN_DELAY: '2',
    DATA_DIR: '/somewhere',
    DATABASE_URL: 'postgresql://host/database?sslmode=require',
    DATABASE_READ_URL: 'postgresql://replica/database?sslmode=require',
    DATABASE_READ_MAX_LAG: '5m',
    DATABASE_POOL_SIZE: '200',
    DATABASE_DISTRIBUTED: 'citus',
    DATABASE_PREPARED_STATEMENTS: 'off',
    BETTER_AUTH_SECRET: 'äöüßéèàçñøåœ😀💡',
    BETTER_AUTH_URL: 'https://auth.example/base/',
    JWT_ISSUER: 'issuer',
    JWT_AUDIENCE: 'audience',
    JWT_LEEWAY: '0s',
    JWT_MAX_LIFETIME: '7d',
  });
  expect(config).toEqual({
    production: true,
    host: '::1',
    port: 0,
    logLevel: 'debug',
    metricsPort: 9464,
    tracing: true,
    corsOrigins: ['https://a.example', 'http://localhost:3000', 'https://b.example:8443'],
    trustedProxies: ['10.0.0.0/8', '::1'],
    publicUrl: 'https://example.com/todo',
    rateLimits: { perUser: 0, perAddress: 7, store: 'redis://:password@cache:6379/1' },
    workers: availableParallelism(),
    shutdownDelay: 2,
    dataDir: '/somewhere',
    databaseUrl: 'postgresql://host/database?sslmode=require',
    replica: { url: 'postgresql://replica/database?sslmode=require', maxLag: 300 },
    databasePoolSize: 200,
    distributed: true,
    serviceRole: undefined,
    preparedStatements: 'off',
    auth: {
      secret: 'äöüßéèàçñøåœ😀💡',
      isSampleSecret: false,
      jwksUrl: 'https://auth.example/base/api/auth/jwks',
      issuer: 'issuer',
      audience: 'audience',
      jwksOrigin: 'https://auth.example',
      leeway: 0,
      maxLifetime: 604_800,
    },
  });
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

test.each([
  ['http://localhost:3000', 'http://localhost:3000/api/auth/jwks'],
  ['http://localhost:3000/', 'http://localhost:3000/api/auth/jwks'],
  ['http://localhost:3000/api/auth', 'http://localhost:3000/api/auth/jwks'],
  ['http://localhost:3000/api/auth/', 'http://localhost:3000/api/auth/jwks'],
  ['http://localhost:3000/api/auth/jwks', 'http://localhost:3000/api/auth/jwks'],
  ['http://localhost:3000/base/api/auth', 'http://localhost:3000/base/api/auth/jwks'],
  ['http://localhost:3000/base', 'http://localhost:3000/base/api/auth/jwks'],
])('the JWKS of BETTER_AUTH_URL=%s is %s', (BETTER_AUTH_URL, jwksUrl) => {
  expect(parseConfig({ BETTER_AUTH_URL }).auth).toMatchObject({
    jwksUrl,
    jwksOrigin: 'http://localhost:3000',
  });
});

test('CORS origins can be those of preview deployments and of applications, or none', () => {
  const list = [
    'https://*.vercel.app',
    'https://tasks-*-team.vercel.app:8443',
    'capacitor://localhost',
    'ionic://localhost',
    'tauri://localhost',
    'chrome-extension://gighmmpiobklfepjocnamgkkbiglidom',
    'moz-extension://2c127fa4-62c7-7e4f-90e5-472b45eecfdc',
  ];
  expect(parseConfig({ CORS_ORIGINS: list.join(',') }).corsOrigins).toEqual(list);
  expect(parseConfig({ CORS_ORIGINS: 'none' }).corsOrigins).toEqual([]);
});
