import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** Runs one program: CODE is its source code, READY the URL of its readiness check. */
const SCRIPT = `
const { runPrograms } = await import('./src/commands/application/run-programs.ts');
const { runCommand } = await import('./src/commands/run-command.ts');
const { stopSignal } = await import('./src/commands/stop-signal.ts');
const { CODE, READY } = process.env;
const stopping = stopSignal(30_000);
const program = { name: 'program', args: ['--eval', CODE], environment: {}, ready: READY };
await runCommand(() => runPrograms({ programs: [program], greeting: 'Ready', stopping }));
`;
const LONG_RUNNING = 'setTimeout(() => {}, 20_000)';

/** Accepts connections, but never responds. */
let silent: Server;
/** A URL where connections are refused. */
let closedUrl: string;
let silentUrl: string;

const listening = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
};

beforeAll(async () => {
  const closed = await listening();
  closedUrl = closed.url;
  ({ server: silent, url: silentUrl } = await listening());
  closed.server.close();
});
afterAll(() => {
  silent.close();
});

/** Exits after its first request, and immediately whenever it is started again. */
const SHORT_LIVED = `
const { existsSync, writeFileSync } = await import('node:fs');
const { createServer } = await import('node:http');
const { FILE, PORT } = {FACTS};
if (existsSync(FILE)) process.exit(3);
createServer((request, response) => {
  writeFileSync(FILE, '');
  response.end('ready', () => process.exit(3));
}).listen(PORT, '127.0.0.1');
`;

/** Runs the script in a separate process. `ended` resolves when that exits. */
function start(CODE: string, READY: string) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', SCRIPT], {
    env: { CODE, READY },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  const end = async () => {
    const [[code], stderr] = await Promise.all([
      once(child, 'exit') as Promise<[number | null]>,
      text(child.stderr),
    ]);
    return { code, stderr };
  };
  return { child, ended: end() };
}

test.each([
  ['its readiness check is refused', () => closedUrl],
  ['its readiness check gets no response', () => silentUrl],
])('a program that exits during its start ends the command; %s', async (_name, url) => {
  const { ended } = start('setTimeout(() => process.exit(3), 300)', url());
  expect(await ended).toEqual({ code: 1, stderr: 'The program has ended (3)\n' });
});

test('a program that ends is started again, and ends the command when it has ended five times', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tasks-api-programs-'));
  const facts = { FILE: join(directory, 'was-ready'), PORT: Number(new URL(closedUrl).port) };
  const { ended } = start(SHORT_LIVED.replace('{FACTS}', JSON.stringify(facts)), closedUrl);
  const { code, stderr } = await ended;
  await rm(directory, { recursive: true });
  const restarted = 'The program has ended (3); it is started again\n'.repeat(4);
  const given = 'The program has ended (3), for the fifth time within a minute\n';
  expect({ code, stderr }).toEqual({ code: 1, stderr: restarted + given });
});

test.each([
  ['its readiness check is refused', () => closedUrl],
  ['its readiness check gets no response', () => silentUrl],
])('a stop before a program is ready ends the command; %s', async (_name, url) => {
  const { child, ended } = start(LONG_RUNNING, url());
  await once(child.stdout, 'data');
  child.kill('SIGINT');
  expect(await ended).toEqual({ code: 0, stderr: '' });
});
