import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createClient } from '../support/client.ts';
import { runProcess, startProcess, type ServiceProcess } from '../support/process.ts';
import { unusedPort } from '../support/unused-port.ts';

const SCRIPT = 'src/commands/application.ts';

let dataDir: string;
let running: ServiceProcess | undefined;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tasks-application-'));
  // If the tests run as root, PostgreSQL runs as another user.
  await chmod(dataDir, 0o755);
});
afterEach(async () => {
  // Not SIGKILL, after which its programs would continue to run.
  await running?.end('SIGTERM');
  running = undefined;
});
afterAll(async () => {
  await rm(dataDir, { recursive: true, maxRetries: 5 });
});

interface Application {
  readonly process: ServiceProcess;
  readonly appUrl: string;
  readonly serviceUrl: string;
}

async function startApplication(): Promise<Application> {
  // Ports that no other test can get before the programs listen.
  const ports = { APP_PORT: String(await unusedPort()), PORT: String(await unusedPort()) };
  const environment = { DATA_DIR: dataDir, ...ports, LOG_LEVEL: 'warn' };
  const process = await startProcess(environment, SCRIPT);
  running = process;
  const find = (pattern: RegExp) => pattern.exec(process.output())?.[1] ?? '';
  return {
    process,
    appUrl: find(/Application +(http\S+)/),
    serviceUrl: find(/API reference +(http\S+)\/docs/),
  };
}

async function end({ process }: Application, signal: NodeJS.Signals) {
  running = undefined;
  return process.end(signal);
}

/** Signs up a user by the API, and returns a client of the service with the user's token. */
async function clientOf({ appUrl, serviceUrl }: Application) {
  const signedUp = await fetch(`${appUrl}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: appUrl },
    body: JSON.stringify({ name: 'Ann', email: 'ann@example.com', password: 'a few plain words' }),
  });
  expect(signedUp.status).toBe(200);
  const cookie = signedUp.headers.getSetCookie().map((line) => line.split(';')[0]);
  const response = await fetch(`${appUrl}/api/auth/token`, {
    headers: { Cookie: cookie.join('; ') },
  });
  const { token } = (await response.json()) as { token: string };
  return createClient(serviceUrl, token);
}

const postgresRuns = () =>
  readFile(join(dataDir, 'postgres', 'postmaster.pid')).then(
    () => true,
    () => false,
  );

test('starts all programs, and stops them on Ctrl-C', async () => {
  const application = await startApplication();
  const page = await fetch(`${application.appUrl}/sign-in`);
  expect(await page.text()).toContain('Sign in');
  const client = await clientOf(application);
  expect(await client.create({ title: 'Buy milk' })).toMatchObject({ title: 'Buy milk' });

  expect(await end(application, 'SIGINT')).toBe(0);
  await expect(fetch(`${application.serviceUrl}/livez`)).rejects.toThrow('fetch failed');
  await expect(fetch(application.appUrl)).rejects.toThrow('fetch failed');
  await expect.poll(postgresRuns, { timeout: 20_000 }).toBe(false);
});

// Finds the programs in Linux's process list.
test.runIf(process.platform === 'linux')('restarts a program that exits', async () => {
  const application = await startApplication();
  const children = await readFile(
    `/proc/${application.process.pid}/task/${application.process.pid}/children`,
    'utf8',
  );
  const commands = await Promise.all(
    children
      .trim()
      .split(' ')
      .map(async (pid) => ({ pid, command: await readFile(`/proc/${pid}/cmdline`, 'utf8') })),
  );
  const service = commands.find(({ command }) => command.includes('src/main.ts'));
  process.kill(Number(service?.pid), 'SIGKILL');
  const livez = () =>
    fetch(`${application.serviceUrl}/livez`).then(
      ({ status }) => status,
      () => undefined,
    );
  await expect.poll(livez, { timeout: 20_000 }).toBeUndefined();
  await expect.poll(livez, { timeout: 20_000 }).toBe(200);
  const reason = 'The service has exited (SIGKILL); restarting it';
  expect(application.process.output()).toContain(reason);
  expect(await end(application, 'SIGTERM')).toBe(0);
  await expect.poll(postgresRuns, { timeout: 20_000 }).toBe(false);
});

test.concurrent.each(['APP_PORT', 'PORT'])(
  '%s in use is an error that says what to do',
  async (name) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const port = String((other.address() as AddressInfo).port);
    const environment = { DATA_DIR: dataDir, APP_PORT: '0', PORT: '0', [name]: port };
    const { code, stderr } = await runProcess(SCRIPT, environment);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(
        new RegExp(`^${name}: ${port} is in use; choose another port: ${name}=\\d+ make app\n$`),
      ) as unknown,
    });
    other.close();
  },
);

test.concurrent('a public URL that the frontend refuses is an error before anything is started', async () => {
  const environment = { DATA_DIR: dataDir, APP_PORT: '0', PORT: '0' };
  const { code, stdout, stderr } = await runProcess(SCRIPT, {
    ...environment,
    BETTER_AUTH_URL: 'http://192.168.1.5:3000',
  });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^BETTER_AUTH_URL: must begin with https:.*\n$/);
});
