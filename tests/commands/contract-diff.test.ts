import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  all,
  contractWith,
  copiesDirectory,
  remove,
  runScript,
  set,
} from '../support/contract-copy.ts';

const SCRIPT = resolve('openapi/redocly/contract-diff.ts');
/** Ignores the variables of a git hook that runs the tests, and the user's git configuration. */
const env = { GIT_DIR: undefined, GIT_INDEX_FILE: undefined, GIT_CONFIG_GLOBAL: '/dev/null' };

const directory = await copiesDirectory();
afterAll(() => directory[Symbol.asyncDispose]());

const plain = contractWith(() => undefined);
const broken = contractWith(remove('paths./api/me'));

async function write(file: string, text: string): Promise<void> {
  const path = join(directory.path, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

const rate = (base: string, more: NodeJS.ProcessEnv = {}) =>
  runScript(SCRIPT, [base], { cwd: directory.path, env: { ...env, ...more } });

await write('openapi/released.yaml', plain);

test('compares with the last release, with or without git', async () => {
  await write('openapi/tasks.yaml', plain);
  const same = await rate('', { PATH: '' });
  expect(same.stdout).toContain('0 major, 0 minor, 0 patch.');
  expect(same.code).toBe(0);
  await write('openapi/tasks.yaml', broken);
  const { code, stdout, stderr } = await rate('', { PATH: '' });
  expect(stdout).toContain('1 major, 0 minor, 0 patch.');
  expect(stdout).toContain('/api/me');
  expect(stderr).toContain('require a major bump');
  expect(code).toBe(1);
});

test('reports that git is missing', async () => {
  const { code, stderr } = await rate('main', { PATH: '' });
  expect(stderr).toBe('BASE needs git, which is not installed.\n');
  expect(code).toBe(1);
});

const hasGit = spawnSync('git', ['--version']).status === 0;

describe.runIf(hasGit)('with git', () => {
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...args], {
      cwd: directory.path,
      env: { ...process.env, ...env },
      stdio: 'pipe',
    });

  test('reports that there is no git repository', async () => {
    const { code, stderr } = await rate('main');
    expect(stderr).toMatch(/^BASE needs a git checkout\. fatal: not a git repository/);
    expect(code).toBe(1);
  });

  test('compares with any revision', async () => {
    git('init', '--quiet');
    git('commit', '--quiet', '--allow-empty', '--message', 'Begin');
    git('tag', 'empty');
    await write('openapi/tasks.yaml', plain);
    git('add', 'openapi/tasks.yaml');
    git('commit', '--quiet', '--message', 'Add the contract');
    git('tag', 'v1.0.0');

    await write('openapi/tasks.yaml', broken);
    const { code, stdout } = await rate('v1.0.0');
    expect(stdout).toContain('1 major, 0 minor, 0 patch.');
    expect(code).toBe(1);
    const released = all(remove('paths./api/me'), set('info.version', '9.0.0'));
    await write('openapi/tasks.yaml', contractWith(released));
    expect((await rate('HEAD')).code).toBe(0);
  });

  test.each([
    ['nothing-like-that', 'BASE=nothing-like-that is not a commit, branch or tag.\n'],
    ['--all', 'BASE=--all is not a commit, branch or tag.\n'],
    ['empty', 'BASE=empty does not contain openapi/tasks.yaml.\n'],
  ])('reports why %s is not a base', async (base, fault) => {
    const { code, stderr } = await rate(base);
    expect(stderr).toBe(fault);
    expect(code).toBe(1);
  });
});
