import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const SQUAWK = createRequire(import.meta.url).resolve('squawk-cli/js/bin/squawk');

/**
 * The rules that are not about locks or the running version: our migrations run in one transaction, so that one that fails can be
 * repeated, and a statement of a migration may take long.
 */
const EXCLUDED = ['prefer-robust-stmts', 'prefer-bigint-over-int', 'require-statement-timeout'];

/** Returns what can stop the previous version while it runs: `file: rule` for each finding. */
function lint(files: string): string[] {
  const options = ['--pg-version=15.0', '--assume-in-transaction', '--reporter=json'];
  const output = outputOf([SQUAWK, ...options, `--exclude=${EXCLUDED.join()}`, files]);
  const findings = JSON.parse(output) as { file: string; rule_name: string }[];
  const lines = findings.map(({ file, rule_name: rule }) => `${basename(file, '.sql')}: ${rule}`);
  return [...new Set(lines)].toSorted();
}

/** Squawk exits with an error if it finds something. */
function outputOf(command: string[]): string {
  try {
    return execFileSync(process.execPath, command, { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

test('migrations do not stop the previous version while it runs', () => {
  expect(lint('src/db/migrations/*.sql')).toEqual([
    // The tables are new.
    '0001_tasks: require-lock-timeout',
    // They wait only shortly for their locks, in a loop, which Squawk does not understand.
    '0002_fewer_indexes: require-concurrent-index-deletion',
    '0002_fewer_indexes: require-lock-timeout',
    // Can be prevented by creating the index before the deployment, as the migration says.
    '0003_natural_titles: require-concurrent-index-creation',
    '0003_natural_titles: require-lock-timeout',
    // The table is new.
    '0004_token_revocations: require-lock-timeout',
  ]);
});

test.each([
  ['adding-required-field', 'alter table tasks add column due date not null'],
  ['adding-not-nullable-field', 'alter table tasks alter column description set not null'],
  ['adding-field-with-default', 'alter table tasks add column key uuid default gen_random_uuid()'],
  ['changing-column-type', 'alter table tasks alter column version type bigint'],
  ['constraint-missing-not-valid', `alter table tasks add constraint t check (title <> '')`],
  ['disallowed-unique-constraint', 'alter table tasks add constraint t unique (user_id, title)'],
  ['ban-drop-column', 'alter table tasks drop column description'],
  ['renaming-column', 'alter table tasks rename column title to name'],
  ['renaming-table', 'alter table tasks rename to todos'],
  ['require-concurrent-index-creation', 'create index tasks_idx on tasks (user_id, title)'],
  ['require-lock-timeout', 'alter table tasks add column due date'],
])('%s: %s', async (rule, statement) => {
  const directory = await mkdtemp(join(tmpdir(), 'tasks-api-lint-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const file = join(directory, 'migration.sql');
  writeFileSync(file, `${statement};`);
  expect(lint(file)).toContain(`migration: ${rule}`);
});
