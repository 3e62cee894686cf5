import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { resolveSecret, signDevelopmentToken } from './auth/development.ts';
import { runCommand } from './command.ts';
import { ConfigError, readConfig } from './config.ts';

const USER = 'use-cases';

await runCommand(() => runUseCases(...process.argv.slice(2)));

/**
 * Runs the use cases of openapi/tasks.arazzo.yaml against a running service, with development tokens where none are
 * given. The exit code is 1 when a step fails.
 */
async function runUseCases(
  url = 'http://localhost:8000',
  token?: string,
  expiredToken?: string,
): Promise<void> {
  await expectService(url);
  const inputs = {
    idempotency_key: randomUUID(),
    token: token ?? (await developmentToken()),
    expired_token:
      expiredToken ?? (token === undefined ? await developmentToken('1 minute ago') : ''),
  };
  const skipped = inputs.expired_token === '' ? ['expired-session'] : [];
  const respect = spawn(
    'redocly',
    [
      'respect',
      'openapi/tasks.arazzo.yaml',
      `--server=tasks=${url.replace(/\/$/, '')}`,
      ...Object.entries(inputs).map(([name, value]) => `--input=${name}=${value}`),
      ...skipped.map((workflow) => `--skip=${workflow}`),
    ],
    { stdio: 'inherit' },
  );
  const [code] = (await once(respect, 'close')) as [number | null];
  process.exitCode = code ?? 1;
  for (const workflow of skipped) {
    process.stdout.write(`${workflow} is left out; it needs EXPIRED_TOKEN=…\n`);
  }
}

async function expectService(url: string): Promise<void> {
  try {
    await fetch(new URL('/livez', url));
  } catch {
    throw new ConfigError(
      `URL: nothing answers at ${url}; start the service with: make run, or name another: make use-cases URL=…`,
    );
  }
}

async function developmentToken(expiry?: string): Promise<string> {
  const config = readConfig();
  const secret = config.production ? undefined : await resolveSecret(config);
  if (secret === undefined) throw new ConfigError('TOKEN: is missing; get one from Better Auth');
  return signDevelopmentToken(config, secret, USER, expiry);
}
