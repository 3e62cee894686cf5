import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { runVitest } from '../support/nested-run.ts';

const REPORTER = JSON.stringify(resolve('tests/support/closing-line.ts'));
const CONFIG = `export default { test: {
  globals: true,
  isolate: false,
  globalSetup: './setup.ts',
  reporters: ['default', ${REPORTER}],
} };`;
const FINE = "test('fine', () => {});";

test.concurrent('failures outside a test are counted, and the line comes after the teardown', async () => {
  const files = {
    'vitest.config.ts': CONFIG,
    'setup.ts': "export default () => () => { throw new Error('teardown'); };",
    'fine.test.ts': FINE,
    'test.test.ts':
      "test.skip('later', () => {}); test('wrong', () => { throw new Error('right'); });",
    'import.test.ts': "import './missing.ts';",
    'hook.test.ts':
      "describe('x', () => { beforeAll(() => { throw new Error(); }); it('y', () => {}) });",
    'rejection.test.ts': "test('fine', () => { void Promise.reject(new Error('unhandled')); });",
  };
  const { stdout, last, ok } = await runVitest(files);
  expect({ last, ok }).toEqual({ last: '2 passed, 4 failed, 2 skipped', ok: false });
  expect(stdout).toMatch(/^FAILED test\.test\.ts > wrong: right \(line 1\)$/m);
  expect(stdout).toMatch(/^FAILED import\.test\.ts: .*missing\.ts/m);
  expect(stdout).toMatch(/^FAILED unhandled$/m);
});

test.concurrent('a failed teardown alone is counted as a failure', async () => {
  const files = {
    'vitest.config.ts': CONFIG,
    'setup.ts': "export default () => () => { throw new Error('teardown'); };",
    'a.test.ts': FINE,
  };
  expect(await runVitest(files)).toMatchObject({ last: '1 passed, 1 failed', ok: false });
});
