import type { Config } from '../config.ts';
import { developmentSecret } from './development.ts';

/**
 * The secret that verifies HS256 tokens: the configured one. If neither a secret nor a JWKS is configured, it is the
 * development secret of the data directory.
 *
 * @returns undefined when only a JWKS is configured: HS256 tokens are then invalid
 * @throws {ConfigError} when the development secret cannot be created or read
 */
export async function resolveSecret({
  auth,
  dataDir,
}: Pick<Config, 'auth' | 'dataDir'>): Promise<string | undefined> {
  if (auth.secret !== undefined || auth.jwksUrl !== undefined) return auth.secret;
  return developmentSecret(dataDir);
}
