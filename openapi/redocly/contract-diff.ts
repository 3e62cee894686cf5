import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CONTRACT = 'openapi/tasks.yaml';
const RELEASED = 'openapi/released.yaml';
const CONFIG = fileURLToPath(new URL('diff.yaml', import.meta.url));
const REDOCLY = fileURLToPath(
  new URL('../../node_modules/@redocly/cli/bin/cli.js', import.meta.url),
);

process.exitCode = rateChange(process.argv[2] ?? '');

/**
 * Prints the changes of the contract since a git revision, or since the last release if `revision` is empty, each rated as
 * major, minor or patch.
 *
 * @returns the exit code: 0 if `info.version` was raised as semantic versioning requires
 */
function rateChange(revision: string): number {
  if (revision === '') return diff(RELEASED);
  const base = contractOf(revision);
  if ('error' in base) {
    process.stderr.write(`${base.error}\n`);
    return 1;
  }
  const directory = mkdtempSync(join(tmpdir(), 'contract-diff-'));
  try {
    const file = join(directory, `${encodeURIComponent(revision)}.yaml`);
    writeFileSync(file, base.text);
    return diff(file);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function diff(base: string): number {
  const options = ['--config', CONFIG, '--check-version', '--fail-on', 'none'];
  const { status } = spawnSync(process.execPath, [REDOCLY, 'diff', base, CONTRACT, ...options], {
    stdio: 'inherit',
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
  });
  return status ?? 1;
}

/** The contract at a git revision, or an error message. */
function contractOf(revision: string): { text: string } | { error: string } {
  const inside = git('rev-parse', '--is-inside-work-tree');
  if (inside.error) return { error: 'BASE needs git, which is not installed.' };
  if (inside.status !== 0) return { error: `BASE needs a git checkout. ${inside.stderr.trim()}` };
  const commit = git(
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${revision}^{commit}`,
  );
  if (commit.status !== 0) return { error: `BASE=${revision} is not a commit, branch or tag.` };
  const { status, stdout } = git('show', `${commit.stdout.trim()}:./${CONTRACT}`);
  return status === 0
    ? { text: stdout }
    : { error: `BASE=${revision} does not contain ${CONTRACT}.` };
}

function git(...args: string[]) {
  return spawnSync('git', args, { encoding: 'utf8' });
}
