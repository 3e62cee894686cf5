import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { contractOutline } from '../support/contract-outline.ts';

const VITEST = resolve('node_modules/vitest/vitest.mjs');
const support = (name: string) => JSON.stringify(resolve('tests/support', name));
const CONFIG = `export default { test: {
  globals: true,
  testTimeout: 30_000,
  setupFiles: [${support('seen-replies.ts')}],
  reporters: ['default', ${support('contract-coverage.ts')}, ${support('closing-line.ts')}],
} };`;
const FINE = "test('fine', () => {});";

const every = contractOutline().flatMap(({ operationId, statuses }) =>
  statuses.map((status) => `${operationId} ${status}`),
);
const without = (cell: string) => every.filter((other) => other !== cell);

/** A test file in which the services are said to have answered so. */
const withReplies = (replies: readonly string[]) =>
  `beforeAll(({}, file) => () => { file.meta.replies.push(...${JSON.stringify(replies)}); }); ${FINE}`;

/** A test file that asks a server for /livez. */
const asking = (startServer: string) => `
  test('asks', async () => {
    ${startServer}
    const { status } = await fetch('http://127.0.0.1:' + port + '/livez');
    expect(status).toBe(200);
    await close();
  });`;
const ofTheService = asking(`
  const { createApp } = await import(${JSON.stringify(resolve('src/app.ts'))});
  const { listen } = await import(${JSON.stringify(resolve('src/http/server.ts'))});
  const { handlers } = await import(${JSON.stringify(resolve('src/operations/index.ts'))});
  const log = Object.fromEntries(['info', 'warn', 'error'].map((level) => [level, () => {}]));
  const services = { health: { isAlive: () => true } };
  const app = await createApp({ handlers, services, authenticate: null, corsOrigins: [], log });
  const { port, close } = await listen(app, '127.0.0.1', 0, log);`);
const ofAnother = asking(`
  const { createServer } = await import('node:http');
  const server = createServer((request, response) => {
    request.openapi = { schema: { operationId: 'getLiveness' } };
    response.setHeader('X-Request-Id', 'made-up').end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  const close = () => server.close();`);

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'contract-coverage-'))));
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** What a run over these files prints, its last line, and whether it says that it succeeded. */
function run(files: Record<string, string>, ...args: string[]) {
  writeFileSync(join(root, 'vitest.config.ts'), CONFIG);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
  const { stdout, status } = spawnSync(process.execPath, [VITEST, 'run', '--root', root, ...args], {
    encoding: 'utf8',
  });
  return { stdout, last: stdout.trimEnd().split('\n').at(-1), ok: status === 0 };
}

test('a run that has seen every documented reply succeeds', () => {
  const half = every.length / 2;
  const { stdout, last, ok } = run({
    'a.test.ts': withReplies(every.slice(0, half)),
    'b.test.ts': withReplies(every.slice(half)),
  });
  expect(stdout).toContain(`${every.length} of ${every.length} documented replies were seen`);
  expect(stdout).toMatch(/^ getTask +✓ +✓ +✓ +✓ +✓ +✓ +✓ +✓$/m);
  expect({ last, ok }).toEqual({ last: '2 passed, 0 failed', ok: true });
});

test('a run that leaves one out fails and names it', () => {
  const { stdout, last, ok } = run({ 'a.test.ts': withReplies(without('getTask 304')) });
  expect(stdout).toMatch(/^ getTask +✓ +✗ +✓ +✓ +✓ +✓ +✓ +✓$/m);
  expect(stdout).toContain('Not answered in any test: getTask 304\n');
  expect({ last, ok }).toEqual({ last: '1 passed, 1 failed', ok: false });
});

test.each([['a.test.ts'], ['-t', 'fine']])('a run of some tests (%s) says nothing', (...args) => {
  const { stdout, last, ok } = run({ 'a.test.ts': FINE, 'b.test.ts': FINE }, ...args);
  expect(stdout).not.toContain('Contract coverage');
  expect(last).toMatch(/^[12] passed, 0 failed$/);
  expect(ok).toBe(true);
});

test('what the service answers counts', () => {
  const files = { 'a.test.ts': withReplies(without('getLiveness 200')), 'b.test.ts': ofTheService };
  expect(run(files)).toMatchObject({ last: '2 passed, 0 failed', ok: true });
});

test('what another server answers does not', () => {
  const files = { 'a.test.ts': withReplies(without('getLiveness 200')), 'b.test.ts': ofAnother };
  const { stdout, last } = run(files);
  expect(stdout).toContain('Not answered in any test: getLiveness 200\n');
  expect(last).toBe('2 passed, 1 failed');
});
