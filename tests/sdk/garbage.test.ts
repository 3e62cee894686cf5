import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectBuiltClient } from '../support/built-client.ts';
import { startFaultyServer, type FaultyServer } from '../support/faulty-server.ts';
import { MACHINE_PATH } from '../support/machine-path.ts';

expectBuiltClient();

const run = promisify(execFile);

/** Hanging calls during constant garbage collection: one ends by its timeout, two are aborted. */
const PROGRAM = `
const { createTasksClient } = await import(process.env.CLIENT);
setInterval(gc, 20).unref();
const tasks = createTasksClient({ baseUrl: process.env.URL, token: () => 'any', retries: 0 });
const { signal } = globalThis.closing = new AbortController();
setTimeout(() => closing.abort('closed'), 500);
const calls = [
  tasks.listTasks({ timeout: 500 }),
  tasks.listTasks({ signal }),
  tasks.http.get({ url: '/api/tasks', signal }),
];
const ends = await Promise.all(calls.map((call) => call.catch((end) => end.code ?? end)));
console.log(ends.join());
process.exit();
`;

let server: FaultyServer;
beforeAll(async () => {
  server = await startFaultyServer('nowhere');
  server.faults.push(...Array.from({ length: 20 }, () => 'hang' as const));
});
afterAll(() => server.stop());

test.concurrent.each([
  ['the Node.js of the project', process.execPath, []],
  ['the Node.js of the project, optimized', process.execPath, ['--always-turbofan']],
  ['the installed Node.js', 'node', []],
  ['the installed Node.js, optimized', 'node', ['--always-turbofan']],
])('timeouts and aborts survive garbage collection, with %s', async (_name, node, flags) => {
  const env = {
    PATH: MACHINE_PATH,
    URL: server.url,
    CLIENT: import.meta.resolve('@tasks-api/client'),
  };
  const args = ['--expose-gc', ...flags, '--input-type=module', '--eval', PROGRAM];
  const { stdout } = await run(node, args, { env });
  expect(stdout).toBe('timeout,closed,closed\n');
});
