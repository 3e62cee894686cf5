import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { signDevelopmentToken } from '../../src/auth/development.ts';
import { resolveSecret } from '../../src/auth/secret.ts';
import { runCommand } from '../../src/commands/run-command.ts';
import { readConfig } from '../../src/config.ts';
import { ConfigError } from '../../src/errors/config-error.ts';

const USER = 'use-cases';
const LEAVING_USER = 'use-cases-leaving';

await runCommand(runUseCases);

/**
 * Runs the use cases of openapi/tasks.arazzo.yaml against the running service at `URL`, as the user of `TOKEN` and
 * `EXPIRED_TOKEN`. The use case that deletes all data of its user runs as the user of `LEAVING_TOKEN`. Without `TOKEN`,
 * all tokens are development tokens. The exit code is 1 if a step fails.
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
      ? [['account-deletion', 'LEAVING_TOKEN=… of a user whose data may be deleted']]
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
      // Other users of the machine can read the arguments of a process, but not its environment.
      env: { ...process.env, REDOCLY_CLI_RESPECT_INPUT: JSON.stringify(inputs) },
    },
  );
  const [code] = (await once(respect, 'close')) as [number | null];
  process.exitCode = code ?? 1;
  for (const [workflow, setting] of skipped) {
    process.stdout.write(`Skipped ${workflow}: it needs ${setting}\n`);
  }
}

async function expectService(url: string): Promise<void> {
  if (!/^https?:/.test(url) || !URL.canParse(url)) {
    throw new ConfigError(
      `URL: ${JSON.stringify(url)} is not an HTTP URL, for example http://localhost:8000`,
    );
  }
  try {
    await fetch(new URL('/livez', url));
  } catch {
    throw new ConfigError(
      `URL: no service is running at ${url}; start it with: make run, or use another one: make use-cases URL=…`,
    );
  }
}

async function developmentToken(user: string, expiry?: string): Promise<string> {
  const config = readConfig();
  const secret = config.production ? undefined : await resolveSecret(config);
  if (secret === undefined) throw new ConfigError('TOKEN: is required; get one from Better Auth');
  return signDevelopmentToken(config, secret, user, expiry);
}
