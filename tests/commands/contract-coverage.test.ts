import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { contractOutline } from '../support/contract-outline.ts';
import { runVitest } from '../support/nested-run.ts';

const support = (name: string) => JSON.stringify(resolve('tests/support', name));
const CONFIG = `export default { test: {
  globals: true,
  isolate: false,
  testTimeout: 30_000,
  setupFiles: [${support('seen-responses.ts')}],
  reporters: ['default', ${support('contract-coverage.ts')}, ${support('closing-line.ts')}],
} };`;
const FINE = "test('fine', () => {});";

const every = contractOutline().flatMap(({ operationId, statuses }) =>
  statuses.map((status) => `${operationId} ${status}`),
);
const without = (...cells: string[]) => every.filter((other) => !cells.includes(other));

/** A test file that records these responses as returned by the services. */
const withResponses = (responses: readonly string[]) =>
  `beforeAll(({}, file) => () => { file.meta.responses.push(...${JSON.stringify(responses)}); }); ${FINE}`;

/** A test file that sends a request to a server. */
const asking = (startServer: string, path: string) => `
  test('sends a request', async () => {
    ${startServer}
    const { status } = await fetch('http://127.0.0.1:' + port + '${path}');
    expect(status).toBe(200);
    await close();
  });`;
const ofTheService = asking(
  `
  const { createApp } = await import(${JSON.stringify(resolve('src/app.ts'))});
  const { listen } = await import(${JSON.stringify(resolve('src/server/listen.ts'))});
  const { handlers } = await import(${JSON.stringify(resolve('src/operations/index.ts'))});
  const log = Object.fromEntries(['info', 'warn', 'error'].map((level) => [level, () => {}]));
  const services = { health: { isAlive: () => true } };
  const options = { authenticator: { userOf() {} }, rateLimits: {}, corsOrigins: [], trustedProxies: [] };
  const { app } = await createApp({ handlers, services, ...options, log });
  const { port, close } = await listen(app, { host: '127.0.0.1', port: 0, log });`,
  '/livez',
);
const ofAnother = asking(
  `
  const { createServer } = await import('node:http');
  const server = createServer((request, response) => {
    request.operation = { id: 'getReadiness' };
    response.setHeader('X-Request-Id', 'made-up').end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  const close = () => server.close();`,
  '/readyz',
);

const run = (files: Record<string, string>, ...args: string[]) =>
  runVitest({ 'vitest.config.ts': CONFIG, ...files }, ...args);

test.concurrent('a run that has seen every documented response succeeds', async () => {
  const half = every.length / 2;
  const { stdout, last, ok } = await run({
    'a.test.ts': withResponses(every.slice(0, half)),
    'b.test.ts': withResponses(every.slice(half)),
  });
  expect(stdout).toContain(`${every.length} of ${every.length} documented responses were seen`);
  expect(stdout).toMatch(/^ getTask +✓ +✓ +✓ +✓ +✓ +✓ +✓ +✓ +✓$/m);
  expect({ last, ok }).toEqual({ last: '2 passed, 0 failed', ok: true });
});

test.concurrent('responses of the service count, those of other servers do not; a missing one fails the run', async () => {
  const { stdout, last, ok } = await run({
    'a.test.ts': withResponses(without('getLiveness 200', 'getReadiness 200', 'getTask 304')),
    'b.test.ts': ofTheService,
    'c.test.ts': ofAnother,
  });
  expect(stdout).toMatch(/^ getTask +✓ +✗ +✓ +✓ +✓ +✓ +✓ +✓ +✓$/m);
  expect(stdout).toContain('Not returned in any test: getTask 304, getReadiness 200\n');
  expect({ last, ok }).toEqual({ last: '3 passed, 1 failed', ok: false });
});

test.concurrent.each([['a.test.ts'], ['-t', 'fine'], ['--project', 'named']])(
  'a run of some tests (%s) prints no table',
  async (...args) => {
    const projects = `import base from './vitest.config.base.ts';
      export default { test: { ...base.test, projects: [{ extends: true, test: { name: 'named' } }] } };`;
    const files = {
      'vitest.config.base.ts': CONFIG,
      'vitest.config.ts': projects,
      'a.test.ts': FINE,
      'b.test.ts': FINE,
    };
    const { stdout, last, ok } = await run(files, ...args);
    expect(stdout).not.toContain('Contract coverage');
    expect(last).toMatch(/^[12] passed, 0 failed$/);
    expect(ok).toBe(true);
  },
);
