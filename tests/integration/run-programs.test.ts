import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unusedPort } from '../support/unused-port.ts';

/**
 * Runs one program: CODE is its source code, READY the URL of its readiness check. FAILURE, if it is not empty, is the reason why
 * it cannot go on after a moment.
 */
const SCRIPT = `
const { runPrograms } = await import('./src/commands/application/run-programs.ts');
const { runCommand } = await import('./src/commands/run-command.ts');
const { stopSignal } = await import('./src/commands/stop-signal.ts');
const { ProgramError } = await import('./src/errors/program-error.ts');
const { CODE, READY, FAILURE } = process.env;
const failure = FAILURE
  ? new Promise((_, reject) => setTimeout(reject, 300, new ProgramError(FAILURE)))
  : new Promise(() => {});
const stopping = Promise.race([stopSignal(30_000), failure]);
const program = { name: 'program', args: ['--eval', CODE], environment: {}, ready: READY };
await runCommand(() => runPrograms({ programs: [program], greeting: 'Ready', stopping }));
`;
const LONG_RUNNING = 'setTimeout(() => {}, 20_000)';

/** Accepts connections, but never responds. */
let silent: Server;

const urlOf = (port: number) => `http://127.0.0.1:${port}/`;
/** A URL where connections are refused. */
const closedUrl = async () => urlOf(await unusedPort());
const silentUrl = () => urlOf((silent.address() as AddressInfo).port);

beforeAll(async () => {
  silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
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
function start(CODE: string, READY: string, FAILURE = '') {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', SCRIPT], {
    env: { CODE, READY, FAILURE },
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

test.concurrent.each([
  ['its readiness check is refused', closedUrl],
  ['its readiness check gets no response', silentUrl],
])('a program that exits during its start ends the command; %s', async (_name, url) => {
  const { ended } = start('setTimeout(() => process.exit(3), 300)', await url());
  expect(await ended).toEqual({ code: 1, stderr: 'The program has exited (3)\n' });
});

test.concurrent('a program that ends is started again, and ends the command when it has ended five times', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tasks-api-programs-'));
  const facts = { FILE: join(directory, 'was-ready'), PORT: await unusedPort() };
  const { ended } = start(SHORT_LIVED.replace('{FACTS}', JSON.stringify(facts)), urlOf(facts.PORT));
  const { code, stderr } = await ended;
  await rm(directory, { recursive: true });
  const restarted = 'The program has exited (3); restarting it\n'.repeat(4);
  const given = 'The program has exited (3), for the fifth time within a minute\n';
  expect({ code, stderr }).toEqual({ code: 1, stderr: restarted + given });
});

test.concurrent.each([
  ['its readiness check is refused', closedUrl],
  ['its readiness check gets no response', silentUrl],
])('a stop before a program is ready ends the command; %s', async (_name, url) => {
  const { child, ended } = start(LONG_RUNNING, await url());
  await once(child.stdout, 'data');
  child.kill('SIGINT');
  expect(await ended).toEqual({ code: 0, stderr: '' });
});

test.concurrent('what the programs need has failed: the command ends with the reason', async () => {
  const { ended } = start(LONG_RUNNING, silentUrl(), 'PostgreSQL has exited');
  expect(await ended).toEqual({ code: 1, stderr: 'PostgreSQL has exited\n' });
});
