import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { resolveSecret, signDevelopmentToken } from '../../src/auth/development.ts';
import { runCommand } from '../../src/commands/run-command.ts';
import { readConfig } from '../../src/config.ts';
import { ConfigError } from '../../src/errors/config-error.ts';

const USER = 'use-cases';
const LEAVING_USER = 'use-cases-leaving';

await runCommand(runUseCases);

/**
 * Runs the use cases of openapi/tasks.arazzo.yaml against the running service at `URL`, as the user of `TOKEN` and
 * `EXPIRED_TOKEN`, and as that of `LEAVING_TOKEN`, of whom nothing is left; or with development tokens when there is no
 * `TOKEN`. The exit code is 1 when a step fails.
 */
async function runUseCases(): Promise<void> {
  const { TOKEN = '', EXPIRED_TOKEN = '', LEAVING_TOKEN = '', URL: given = '' } = process.env;
  const url = given === '' ? 'http://localhost:8000' : given;
  await expectService(url);
  const inputs = {
    idempotency_key: randomUUID(),
    token: TOKEN,
    expired_token: EXPIRED_TOKEN,
    leaving_token: LEAVING_TOKEN,
  };
  if (TOKEN === '') {
    inputs.token = await developmentToken(USER);
    inputs.expired_token ||= await developmentToken(USER, '1 minute ago');
    inputs.leaving_token ||= await developmentToken(LEAVING_USER);
  }
  const skipped = [
    ...(inputs.expired_token === '' ? [['expired-session', 'EXPIRED_TOKEN=…']] : []),
    ...(inputs.leaving_token === ''
      ? [['leaving', 'LEAVING_TOKEN=… of a user who may be deleted']]
      : []),
  ];
  const respect = spawn(
    'redocly',
    [
      'respect',
      'openapi/tasks.arazzo.yaml',
      `--server=tasks=${url.replace(/\/$/, '')}`,
      ...skipped.map(([workflow]) => `--skip=${workflow}`),
    ],
    {
      stdio: 'inherit',
      // Other users of the machine can see the arguments of a process, but not its environment.
      env: { ...process.env, REDOCLY_CLI_RESPECT_INPUT: JSON.stringify(inputs) },
    },
  );
  const [code] = (await once(respect, 'close')) as [number | null];
  process.exitCode = code ?? 1;
  for (const [workflow, setting] of skipped) {
    process.stdout.write(`${workflow} is left out; it needs ${setting}\n`);
  }
}

async function expectService(url: string): Promise<void> {
  if (!/^https?:/.test(url) || !URL.canParse(url)) {
    throw new ConfigError(`URL: ${url} is none; it is something like http://localhost:8000`);
  }
  try {
    await fetch(new URL('/livez', url));
  } catch {
    throw new ConfigError(
      `URL: nothing answers at ${url}; start the service with: make run, or name another: make use-cases URL=…`,
    );
  }
}

async function developmentToken(user: string, expiry?: string): Promise<string> {
  const config = readConfig();
  const secret = config.production ? undefined : await resolveSecret(config);
  if (secret === undefined) throw new ConfigError('TOKEN: is missing; get one from Better Auth');
  return signDevelopmentToken(config, secret, user, expiry);
}
