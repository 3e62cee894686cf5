import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import { developmentSecret } from '../../src/auth/development.ts';
import { call, makeAuthenticator } from '../support/auth.ts';
import { SECRET } from '../support/tokens.ts';

const command = join(import.meta.dirname, '../../src/cli.ts');

async function newDirectory({ onTestFinished }: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'tasks-api-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

interface Result {
  readonly failed: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command behind `make token` in a directory. */
function run(
  directory: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Result> {
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

test.concurrent.for([
  ['alice', ['alice']],
  ['demo', []],
  ['a name with spaces & 😀', ['a name with spaces & 😀']],
] as const)('prints only a token for %s', async ([user, args], context) => {
  const { stdout, stderr } = await run(await newDirectory(context), args, {
    BETTER_AUTH_SECRET: SECRET,
  });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  const { authenticate } = makeAuthenticator({ secret: SECRET });
  expect(await call(authenticate, stdout.trim())).toMatchObject({ id: user });
});

test.concurrent('uses the development secret if none is configured', async (context) => {
  const directory = await newDirectory(context);
  const { stdout } = await run(directory, ['alice']);
  const { authenticate } = makeAuthenticator({
    secret: await developmentSecret(join(directory, '.data')),
  });
  expect(await call(authenticate, stdout.trim())).toMatchObject({ id: 'alice' });
});

test.concurrent.for<[string, string[], Record<string, string>, RegExp]>([
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
])('fails with a one-line error %s', async ([, args, env, reason], context) => {
  const directory = await newDirectory(context);
  const { failed, stdout, stderr } = await run(directory, args, env);
  expect(failed).toBe(true);
  expect(stdout).toBe('');
  expect(stderr).toMatch(reason);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(await readdir(directory)).toEqual([]);
});
