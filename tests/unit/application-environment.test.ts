import { describe, expect, test } from 'vitest';
import { applicationEnvironments } from '../../src/commands/application/environment.ts';
import { parseConfig } from '../../src/config.ts';

const running = {
  databaseUrl: 'postgres://localhost/tasks',
  secret: 'a secret that only the tests use',
};
const environmentsOf = (given: Record<string, string> = {}) =>
  applicationEnvironments(given, running);

test('by default, service and frontend listen on their own loopback ports and know each other', () => {
  const { url, serviceUrl, frontendUrl, service, frontend } = environmentsOf();
  expect({ url, serviceUrl, frontendUrl }).toEqual({
    url: 'http://localhost:3000',
    serviceUrl: 'http://127.0.0.1:8000',
    frontendUrl: 'http://127.0.0.1:3000',
  });
  expect(parseConfig(service)).toMatchObject({
    production: true,
    host: '127.0.0.1',
    port: 8000,
    corsOrigins: ['http://localhost:3000', 'http://127.0.0.1:3000'],
    databaseUrl: running.databaseUrl,
  });
  expect(frontend).toMatchObject({
    BETTER_AUTH_URL: 'http://localhost:3000',
    BETTER_AUTH_SECRET: running.secret,
    DATABASE_URL: running.databaseUrl,
    TASKS_API_URL: 'http://localhost:8000',
    TASKS_API_INTERNAL_URL: 'http://127.0.0.1:8000',
  });
});

describe('tokens', () => {
  test('EdDSA: the service gets the URL of the JWKS, never the secret', () => {
    const { service, frontend } = environmentsOf({ BETTER_AUTH_SECRET: 'y'.repeat(40) });
    expect(frontend['TOKEN_ALGORITHM']).toBe('EdDSA');
    expect(parseConfig(service).auth).toMatchObject({
      secret: undefined,
      jwksUrl: 'http://127.0.0.1:3000/api/auth/jwks',
      issuer: 'http://localhost:3000',
      audience: 'http://localhost:3000',
    });
  });

  test('HS256: the service gets the shared secret and no JWKS', () => {
    const { service, frontend } = environmentsOf({
      TOKEN_ALGORITHM: 'HS256',
      BETTER_AUTH_JWKS_URL: 'http://keys.example.com',
    });
    expect(frontend['TOKEN_ALGORITHM']).toBe('HS256');
    expect(parseConfig(service).auth).toMatchObject({
      secret: running.secret,
      jwksUrl: undefined,
      issuer: 'http://localhost:3000',
      audience: 'http://localhost:3000',
    });
  });
});

test('the public URL is the issuer and the CORS origin; the JWKS is fetched from this machine', () => {
  const { url, service, frontend } = environmentsOf({
    BETTER_AUTH_URL: 'https://todo.example.com/',
    TASKS_API_URL: '/',
    PORT: '8001',
    APP_PORT: '3001',
    HOST: '0.0.0.0',
  });
  expect(url).toBe('https://todo.example.com/');
  expect(parseConfig(service)).toMatchObject({
    host: '0.0.0.0',
    port: 8001,
    corsOrigins: ['https://todo.example.com'],
    auth: {
      issuer: 'https://todo.example.com',
      jwksUrl: 'http://127.0.0.1:3001/api/auth/jwks',
    },
  });
  expect(frontend).toMatchObject({
    TASKS_API_URL: '/',
    TASKS_API_INTERNAL_URL: 'http://127.0.0.1:8001',
  });
});

test('below a path, the frontend listens there, and the service knows its public URL', () => {
  const url = 'https://example.com/todo';
  const { frontendUrl, service } = environmentsOf({ BETTER_AUTH_URL: url, TASKS_API_URL: '/' });
  expect(frontendUrl).toBe('http://127.0.0.1:3000/todo');
  expect(parseConfig(service)).toMatchObject({
    publicUrl: url,
    corsOrigins: ['https://example.com'],
    auth: {
      issuer: 'https://example.com',
      jwksUrl: 'http://127.0.0.1:3000/todo/api/auth/jwks',
    },
  });
});

test('given settings take precedence', () => {
  const { service } = environmentsOf({
    CORS_ORIGINS: 'https://other.example.com',
    LOG_LEVEL: 'debug',
    SHUTDOWN_DELAY: '2',
    BETTER_AUTH_JWKS_URL: 'https://keys.example.com/jwks',
  });
  expect(parseConfig(service)).toMatchObject({
    corsOrigins: ['https://other.example.com'],
    logLevel: 'debug',
    shutdownDelay: 2,
    auth: { jwksUrl: 'https://keys.example.com/jwks' },
  });
});

test.each([
  ['http://127.0.0.1:3000', 'http://127.0.0.1:3000,http://localhost:3000'],
  ['http://127.0.0.2:3000', 'http://127.0.0.2:3000'],
])('pages of %s: CORS origins %s', (BETTER_AUTH_URL, origins) => {
  expect(environmentsOf({ BETTER_AUTH_URL }).service['CORS_ORIGINS']).toBe(origins);
});
