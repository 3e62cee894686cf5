import { isUserId } from '../auth/caller.ts';
import { resolveSecret, signDevelopmentToken } from '../auth/development.ts';
import { runCommand } from './run-command.ts';
import { readConfig, readEnvironment } from '../config.ts';
import { ConfigError } from '../errors/config-error.ts';

await runCommand(() => printToken(process.argv[2]));

/** Prints a development token for the user on the command line, by default `demo`. */
async function printToken(user = 'demo'): Promise<void> {
  if (readEnvironment()['NODE_ENV'] === 'production') {
    throw new ConfigError('NODE_ENV: no development tokens in production; use Better Auth');
  }
  const config = readConfig();
  if (!isUserId(user)) {
    throw new ConfigError('user: must have 1 to 255 characters, without control characters');
  }
  const secret = await resolveSecret(config);
  if (secret === undefined) {
    throw new ConfigError('BETTER_AUTH_SECRET: not set; set it, or get a token from Better Auth');
  }
  process.stdout.write(`${await signDevelopmentToken(config, secret, user)}\n`);
}
