import { isUserId } from '../auth/caller.ts';
import { signDevelopmentToken } from '../auth/development.ts';
import { resolveSecret } from '../auth/secret.ts';
import { readConfig, readEnvironment } from '../config.ts';
import { ConfigError } from '../errors/config-error.ts';

/** Prints a development token. See `developmentToken`. */
export async function printToken(user?: string): Promise<void> {
  process.stdout.write(`${await developmentToken(user)}\n`);
}

/**
 * Creates a development token with the configured secret.
 *
 * @throws {ConfigError} in production, without a secret, or when the user is not a valid user id
 */
export async function developmentToken(user = 'demo'): Promise<string> {
  if (readEnvironment()['NODE_ENV'] === 'production') {
    throw new ConfigError(
      'NODE_ENV: development tokens are not available in production; get a token from Better Auth',
    );
  }
  const config = readConfig();
  if (!isUserId(user)) {
    throw new ConfigError('user: must have 1 to 255 characters, without control characters');
  }
  const secret = await resolveSecret(config);
  if (secret === undefined) {
    throw new ConfigError('BETTER_AUTH_SECRET: not set; set it, or get a token from Better Auth');
  }
  return signDevelopmentToken(config, secret, user);
}
