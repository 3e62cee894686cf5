/**
 * Runs the steps of the Dockerfile without Docker: each stage in an empty directory, as an ordinary user. Then starts the result on
 * a read-only file system, and uses it. Base images are not used: Node.js is that of the checkout.
 *
 * Arguments: the stage, `service` or `frontend`.
 */

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { signDevelopmentToken } from '../src/auth/development.ts';
import { freePort } from '../src/commands/free-port.ts';
import { runCommand } from '../src/commands/run-command.ts';
import { parseConfig, readEnvironment } from '../src/config.ts';
import { startEmbedded } from '../src/embedded-postgres/start.ts';
import { ConfigError } from '../src/errors/config-error.ts';
import { buildImage } from './support/image.ts';
import { createSandbox } from './support/sandbox.ts';

const START_TIMEOUT_MS = 60_000;
const HOST = '127.0.0.1';
const print = (text: string) => process.stdout.write(`${text}\n`);

await runCommand(() => tryDockerfile(process.argv[2] ?? 'service'));

async function tryDockerfile(target: string): Promise<void> {
  if (target !== 'service' && target !== 'frontend')
    throw new ConfigError(`target: "${target}" is not a stage; choose service or frontend`);
  const directory = await mkdtemp(join(tmpdir(), 'tasks-api-image-'));
  // For PostgreSQL and the steps, which run as other users if this process is root's.
  await chmod(directory, 0o755);
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  const sandbox = await createSandbox(directory, readEnvironment());
  const image = await buildImage({ file: 'Dockerfile', target, sandbox, print });
  print(`Size of the stage ${target}: ${await sandbox.megabytesOf(image.root)} MB`);

  const database = await startEmbedded({ dataDir: join(directory, 'data'), log: print });
  cleanup.defer(() => database.stop());
  const port = await freePort('PORT', '0', HOST, '');
  const settings = settingsOf(target, database.url, port);
  const environment = { ...image.environment, ...settings };
  const child = sandbox.startReadOnly(image.workingDirectory, image.command, environment);
  const exit = once(child, 'exit');
  cleanup.defer(async () => {
    child.kill('SIGKILL');
    await exit;
  });
  const base = `http://${HOST}:${port}`;
  await becomesReady(`${base}${target === 'service' ? '/readyz' : '/healthz'}`);
  print('The program starts on a read-only file system.');
  await sandbox.run(image.workingDirectory, image.healthcheck, environment);
  print('The health check succeeds.');
  if (target === 'service') await createTask(base, settings);
  child.kill('SIGTERM');
  const [code, signal] = (await exit) as [number | null, string | null];
  // Next.js is terminated by the signal.
  print(`After SIGTERM, the exit code is ${String(code ?? signal)}.`);
  if (target === 'service' && code !== 0)
    throw new ConfigError('Dockerfile: the service did not shut down cleanly');
}

type Settings = Readonly<Record<string, string>>;

function settingsOf(target: string, databaseUrl: string, port: number): Settings {
  const common = {
    DATABASE_URL: databaseUrl,
    BETTER_AUTH_SECRET: randomBytes(32).toString('base64url'),
    PORT: String(port),
  };
  return target === 'service'
    ? { ...common, HOST, CORS_ORIGINS: 'none', JWT_AUDIENCE: 'any', SHUTDOWN_DELAY: '0' }
    : { ...common, BETTER_AUTH_URL: `http://localhost:${port}`, TOKEN_ALGORITHM: 'HS256' };
}

async function becomesReady(url: string): Promise<void> {
  const end = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < end) {
    const ready = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    await sleep(200);
  }
  throw new ConfigError(`Dockerfile: ${url} does not become ready; see the messages above`);
}

async function createTask(base: string, settings: Settings): Promise<void> {
  const config = parseConfig(settings);
  const token = await signDevelopmentToken(config, settings['BETTER_AUTH_SECRET'] ?? '', 'demo');
  const { status } = await fetch(`${base}/api/tasks`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ title: 'Buy milk' }),
  });
  if (status !== 201) throw new ConfigError(`Dockerfile: POST /api/tasks responds with ${status}`);
  const docs = await fetch(`${base}/docs`);
  if (!docs.ok) throw new ConfigError(`Dockerfile: GET /docs responds with ${docs.status}`);
  print('A task is created, and the documentation is served.');
}
