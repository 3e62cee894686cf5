import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { developmentSecret } from '../../../src/auth/development.ts';
import { call, makeAuthenticator } from '../../support/auth.ts';
import { SECRET } from '../../support/tokens.ts';

const command = join(import.meta.dirname, '../../../src/cli.ts');
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tasks-api-'));
});

afterEach(() => rm(directory, { recursive: true }));

interface Result {
  readonly failed: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command behind `make token` in an empty directory. */
function run(args: string[], env: Record<string, string> = {}): Promise<Result> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [command, 'token', ...args],
      { cwd: directory, env },
      (error, stdout, stderr) => {
        resolve({ failed: error !== null, stdout, stderr });
      },
    );
  });
}

test.each([
  ['alice', ['alice']],
  ['demo', []],
  ['a name with spaces & 😀', ['a name with spaces & 😀']],
])('prints only a token for %s', async (user, args) => {
  const { stdout, stderr } = await run(args, { BETTER_AUTH_SECRET: SECRET });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  const { authenticate } = makeAuthenticator({ secret: SECRET });
  expect(await call(authenticate, stdout.trim())).toMatchObject({ id: user });
});

test('uses the development secret if none is configured', async () => {
  const { stdout } = await run(['alice']);
  const { authenticate } = makeAuthenticator({
    secret: await developmentSecret(join(directory, '.data')),
  });
  expect(await call(authenticate, stdout.trim())).toMatchObject({ id: 'alice' });
});

test.each([
  [
    'in production',
    [],
    { NODE_ENV: 'production', BETTER_AUTH_SECRET: SECRET, DATABASE_URL: 'postgres://a/b' },
    /^NODE_ENV: /,
  ],
  ['when only a JWKS is configured', [], { BETTER_AUTH_URL: 'https://a.example' }, /Better Auth/],
  ['for a user id with control characters', ['ali\nce'], {}, /^user: /],
  ['for an empty user id', [''], {}, /^user: /],
  ['for a user id that is too long', ['a'.repeat(256)], {}, /^user: /],
  ['with a short secret', [], { BETTER_AUTH_SECRET: 'short' }, /^BETTER_AUTH_SECRET: /],
  ['without a data directory', [], { DATA_DIR: '/dev/null/data' }, /^DATA_DIR: /],
])('fails with a one-line error %s', async (_, args, env, reason) => {
  const { failed, stdout, stderr } = await run(args, env);
  expect(failed).toBe(true);
  expect(stdout).toBe('');
  expect(stderr).toMatch(reason);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(await readdir(directory)).toEqual([]);
});
