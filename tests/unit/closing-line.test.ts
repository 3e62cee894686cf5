import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const VITEST = resolve('node_modules/vitest/vitest.mjs');
const REPORTER = resolve('tests/support/closing-line.ts');
const FINE = "test('fine', () => {});";

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'closing-line-'))));
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** The last line of a test run over these files, and whether the run says that it succeeded. */
function run(files: Record<string, string>): { last: string | undefined; ok: boolean } {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
  const options = ['--root', root, '--globals', '--reporter', 'default', '--reporter', REPORTER];
  const { stdout, status } = spawnSync(process.execPath, [VITEST, 'run', ...options], {
    encoding: 'utf8',
  });
  return { last: stdout.trimEnd().split('\n').at(-1), ok: status === 0 };
}

test('tests are counted', () => {
  const other = "test.skip('later', () => {}); test('wrong', () => { throw new Error(); });";
  expect(run({ 'a.test.ts': FINE })).toEqual({ last: '1 passed, 0 failed', ok: true });
  expect(run({ 'b.test.ts': other })).toEqual({ last: '1 passed, 1 failed, 1 skipped', ok: false });
});

test('what fails outside of a test is counted, too', () => {
  const files = {
    'fine.test.ts': FINE,
    'import.test.ts': "import './missing.ts';",
    'hook.test.ts':
      "describe('x', () => { beforeAll(() => { throw new Error(); }); it('y', () => {}) });",
    'rejection.test.ts': "test('fine', () => { void Promise.reject(new Error('unhandled')); });",
  };
  expect(run(files)).toEqual({ last: '2 passed, 3 failed, 1 skipped', ok: false });
});

test('a teardown that fails comes before the last line', () => {
  const files = {
    'a.test.ts': FINE,
    'setup.ts': "export default () => () => { throw new Error('teardown'); };",
    'vitest.config.ts': "export default { test: { globalSetup: './setup.ts' } };",
  };
  expect(run(files)).toEqual({ last: '1 passed, 1 failed', ok: false });
});
