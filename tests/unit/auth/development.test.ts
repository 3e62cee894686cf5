import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { developmentSecret, signDevelopmentToken } from '../../../src/auth/development.ts';
import { resolveSecret } from '../../../src/auth/secret.ts';
import { parseConfig } from '../../../src/config.ts';
import { call, makeAuthenticator } from '../../support/auth.ts';
import { SECRET } from '../../support/tokens.ts';

let directory: string;
let dataDir: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tasks-api-'));
  dataDir = join(directory, 'new', 'data');
});

afterEach(() => rm(directory, { recursive: true }));

describe('developmentSecret', () => {
  test('is created once, readable only for its owner', async () => {
    const secret = await developmentSecret(dataDir);
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(await developmentSecret(dataDir)).toBe(secret);
    expect(await readFile(join(dataDir, 'secret'), 'utf8')).toBe(secret);
    expect((await stat(join(dataDir, 'secret'))).mode & 0o777).toBe(0o600);
    expect(await developmentSecret(join(directory, 'other'))).not.toBe(secret);
  });

  test('is the same for concurrent starts', async () => {
    const secrets = await Promise.all(Array.from({ length: 20 }, () => developmentSecret(dataDir)));
    expect(new Set(secrets).size).toBe(1);
    expect(await readdir(dataDir)).toEqual(['secret']);
  });

  test.each(['', 'short'])('is not replaced when the file contains "%s"', async (text) => {
    await mkdir(dataDir, { recursive: true });
    await writeFile(join(dataDir, 'secret'), text);
    await expect(developmentSecret(dataDir)).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(/^DATA_DIR: .*damaged/) as string,
    });
  });

  test('throws when the directory cannot be created', async () => {
    await writeFile(join(directory, 'new'), 'a file');
    await expect(developmentSecret(dataDir)).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(/^DATA_DIR: .+$/) as string,
    });
  });
});

describe('resolveSecret', () => {
  test('returns the configured secret', async () => {
    const config = parseConfig({
      DATA_DIR: dataDir,
      BETTER_AUTH_SECRET: SECRET,
      BETTER_AUTH_URL: 'https://auth.example.com',
    });
    expect(await resolveSecret(config)).toBe(SECRET);
    expect(await readdir(directory)).toEqual([]);
  });

  test('returns undefined when only a JWKS is configured', async () => {
    const config = parseConfig({ DATA_DIR: dataDir, BETTER_AUTH_URL: 'https://auth.example.com' });
    expect(await resolveSecret(config)).toBeUndefined();
    expect(await readdir(directory)).toEqual([]);
  });

  test('creates a secret when no key is configured', async () => {
    const config = parseConfig({ DATA_DIR: dataDir });
    const secret = await resolveSecret(config);
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(await resolveSecret(config)).toBe(secret);
  });
});

describe('signDevelopmentToken', () => {
  test.each([
    ['nothing else configured', {}],
    ['an issuer and an audience', { JWT_ISSUER: 'https://a.example', JWT_AUDIENCE: 'tasks' }],
    ['also a JWKS', { BETTER_AUTH_URL: 'https://auth.example.com' }],
  ])('signs a token that the service accepts, with %s', async (_, environment) => {
    const config = parseConfig({ ...environment, BETTER_AUTH_SECRET: SECRET });
    const { authenticate } = makeAuthenticator(config.auth);
    expect(await call(authenticate, await signDevelopmentToken(config, SECRET, 'alice'))).toEqual({
      id: 'alice',
      email: 'alice@example.com',
      name: 'alice',
      issuedAt: expect.any(Number) as number,
    });
  });

  test('signs a token that expires in 24 hours', async () => {
    const token = await signDevelopmentToken(parseConfig({}), SECRET, 'alice');
    const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
    const { iat, exp } = JSON.parse(payload) as { iat: number; exp: number };
    expect(exp - iat).toBe(24 * 60 * 60);
  });
});
