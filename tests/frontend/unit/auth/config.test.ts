import { expect, test } from 'vitest';
import { parseConfig } from '../../../../frontend/app/lib/config.ts';
import { loopbackAliases } from '../../../../src/settings/loopback.ts';

const valid = {
  BETTER_AUTH_SECRET: 'a secret that only the tests use',
  DATABASE_URL: 'postgres://localhost/tasks',
};

test('requires a secret and a database, and says how to set them', () => {
  expect(() => parseConfig({ BETTER_AUTH_SECRET: '' })).toThrow(
    /^BETTER_AUTH_SECRET: is missing; .*openssl.*\nDATABASE_URL: is missing; .*postgres:\/\/.*$/,
  );
});

test('has a default for everything else', () => {
  expect(parseConfig(valid)).toEqual({
    development: true,
    mock: false,
    url: 'http://localhost:3000',
    basePath: '',
    secure: false,
    secret: valid.BETTER_AUTH_SECRET,
    databaseUrl: valid.DATABASE_URL,
    databasePoolSize: 10,
    tasksApiUrl: 'http://localhost:8000',
    tasksApiInternalUrl: 'http://localhost:8000',
    token: { algorithm: 'EdDSA', lifetime: 604_800, keyRotation: 2_592_000 },
    trustedProxies: [],
    rateLimit: 10,
  });
});

test.each([
  ['BETTER_AUTH_URL', 'app.example.com', 'must be a URL'],
  ['BETTER_AUTH_URL', 'http://app.example.com', 'must begin with https://'],
  ['BETTER_AUTH_URL', 'http://localhost.example.com', 'must begin with https://'],
  ['BETTER_AUTH_URL', 'http://127.0.0.1.example.com', 'must begin with https://'],
  ['BETTER_AUTH_URL', 'https://example.com/todo?x', 'must be a URL such as'],
  ['BETTER_AUTH_URL', 'https://example.com/api/auth', 'without /api/auth'],
  ['BETTER_AUTH_URL', 'https://me:secret@app.example.com', 'must not contain a user name'],
  ['BETTER_AUTH_SECRET', 'short', 'must have at least 32 bytes'],
  ['BETTER_AUTH_SECRET', 'zF4Gr5uYTUtVZVcyXGLFaTyskJhewCl5', 'is a published sample value'],
  ['DATABASE_URL', 'mysql://localhost/tasks', 'must be a URL such as postgres://'],
  ['DATABASE_POOL_SIZE', '0', 'must be an integer from 1 to 200'],
  ['TASKS_API_URL', 'localhost:8000', 'must be a URL'],
  ['TASKS_API_INTERNAL_URL', '/', 'must be a URL'],
  ['TOKEN_ALGORITHM', 'none', 'must be one of EdDSA, HS256'],
  ['TOKEN_LIFETIME', '7 days', 'must be a duration from 1s to 30d'],
  ['TOKEN_LIFETIME', '0s', 'must be a duration from 1s to 30d'],
  ['TOKEN_LIFETIME', '31d', 'must be a duration from 1s to 30d'],
  ['KEY_ROTATION', 'never', 'must be a duration from 1s to 365d'],
  ['TRUSTED_PROXIES', '10.0.0.0/24, anything', '"anything" is neither'],
  ['TRUSTED_PROXIES', '10.0.0.0/33', '"10.0.0.0/33" is neither'],
  ['AUTH_RATE_LIMIT', '0', 'must be an integer from 1 to 1000000'],
  ['MOCK', 'yes', 'must be true or false'],
])('rejects %s=%s', (name, value, reason) => {
  const given = { ...valid, [name]: value };
  expect(() => parseConfig(given)).toThrow(new RegExp(`^${name}: .*${escape(reason)}`));
  expect(() => parseConfig(given)).not.toThrow(/\n/);
});

test.each([
  'http://localhost:3000',
  'http://127.0.0.1:3000',
  'http://127.9.9.9',
  'http://[::1]:3000',
  'https://app.example.com',
])('accepts %s as its own origin', (url) => {
  expect(parseConfig({ ...valid, BETTER_AUTH_URL: url })).toMatchObject({
    url,
    secure: url.startsWith('https:'),
  });
});

test('normalises a URL with a trailing slash to its origin', () => {
  const config = parseConfig({ ...valid, BETTER_AUTH_URL: 'https://APP.example.com/' });
  expect(config.url).toBe('https://app.example.com');
});

test('accepts a path, which the service shares if TASKS_API_URL is /', () => {
  const given = { ...valid, BETTER_AUTH_URL: 'https://example.com/todo/', TASKS_API_URL: '/' };
  expect(parseConfig(given)).toMatchObject({
    url: 'https://example.com',
    basePath: '/todo',
    tasksApiUrl: '/todo/',
    tasksApiInternalUrl: 'https://example.com/todo',
  });
});

test('calls the service on its own origin if browsers do', () => {
  const given = { ...valid, BETTER_AUTH_URL: 'https://app.example.com', TASKS_API_URL: '/' };
  expect(parseConfig(given).tasksApiInternalUrl).toBe('https://app.example.com');
  const inside = parseConfig({ ...given, TASKS_API_INTERNAL_URL: 'http://tasks:8000' });
  expect(inside).toMatchObject({ tasksApiUrl: '/', tasksApiInternalUrl: 'http://tasks:8000' });
});

test('parses durations with units', () => {
  const { token } = parseConfig({ ...valid, TOKEN_LIFETIME: '90s', KEY_ROTATION: '12h' });
  expect(token).toMatchObject({ lifetime: 90, keyRotation: 43_200 });
});

test('requires nothing for the mock, which is not allowed in production', () => {
  const mock = parseConfig({ MOCK: 'true' });
  expect(mock).toMatchObject({ mock: true, databaseUrl: undefined });
  expect(mock.secret).not.toBe(parseConfig({ MOCK: 'true' }).secret);
  expect(() => parseConfig({ MOCK: 'true', NODE_ENV: 'production' })).toThrow(
    /^MOCK: is not allowed in production/,
  );
});

test('treats localhost and 127.0.0.1 as the same machine', () => {
  expect(loopbackAliases('http://localhost:3000')).toContain('http://127.0.0.1:3000');
  expect(loopbackAliases('http://127.0.0.1:3000')).toContain('http://localhost:3000');
  expect(loopbackAliases('https://app.example.com')).toEqual(['https://app.example.com']);
});

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
