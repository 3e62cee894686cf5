import { isUserId } from '../auth/caller.ts';
import { resolveSecret, signDevelopmentToken } from '../auth/development.ts';
import { runCommand } from './run-command.ts';
import { readConfig } from '../config.ts';
import { ConfigError } from '../errors/config-error.ts';

await runCommand(() => printToken(process.argv[2]));

/** Prints a development token for the user that is named on the command line, or else for demo. */
async function printToken(user = 'demo'): Promise<void> {
  const config = readConfig();
  if (config.production)
    throw new ConfigError('NODE_ENV: is production; tokens come from Better Auth there');
  if (!isUserId(user)) throw new ConfigError('user: must have 1 to 255 characters and no controls');
  const secret = await resolveSecret(config);
  if (secret === undefined) {
    throw new ConfigError(
      'BETTER_AUTH_SECRET: is not set; get a token from Better Auth, or set the secret',
    );
  }
  process.stdout.write(`${await signDevelopmentToken(config, secret, user)}\n`);
}
