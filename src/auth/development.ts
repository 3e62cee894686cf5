import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import type { Config } from '../config.ts';
import { ConfigError } from '../errors/config-error.ts';
import { SECRET_BYTES } from '../settings/schemas.ts';

const TOKEN_LIFETIME = '24h';

/**
 * Reads the random secret in the file `secret` of the data directory, and creates it on first use. Processes that start
 * concurrently get the same secret.
 *
 * @throws {ConfigError} when the file cannot be created or read, or is too short
 */
export async function developmentSecret(dataDir: string): Promise<string> {
  const file = join(dataDir, 'secret');
  try {
    const secret =
      (await readFile(file, 'utf8').catch(orMissing)) ?? (await createSecret(dataDir, file));
    if (Buffer.byteLength(secret) >= SECRET_BYTES) return secret;
  } catch (error) {
    throw new ConfigError(`DATA_DIR: cannot store the development secret: ${String(error)}`);
  }
  throw new ConfigError(`DATA_DIR: ${file} is damaged; delete it to create a new secret`);
}

/**
 * Signs an HS256 token that the service accepts: for development without Better Auth.
 *
 * @param user the user id, from which the email address and the name are derived
 * @param expiry the time of expiry relative to now, in jose's format, such as `1 minute ago`; 24 hours by default
 */
export async function signDevelopmentToken(
  { auth }: Pick<Config, 'auth'>,
  secret: string,
  user: string,
  expiry = TOKEN_LIFETIME,
): Promise<string> {
  const token = new SignJWT({ email: `${user}@example.com`, name: user })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(user)
    .setIssuedAt()
    .setExpirationTime(expiry);
  if (auth.issuer !== undefined) token.setIssuer(auth.issuer);
  if (auth.audience !== undefined) token.setAudience(auth.audience);
  return token.sign(Buffer.from(secret));
}

/** Writes a temporary file and links it: a hard link is atomic and does not replace the file of another process. */
async function createSecret(dataDir: string, file: string): Promise<string> {
  const temporary = `${file}.${randomUUID()}`;
  await mkdir(dataDir, { recursive: true });
  try {
    await writeFile(temporary, randomBytes(SECRET_BYTES).toString('base64url'), {
      mode: 0o600,
      flag: 'wx',
    });
    await link(temporary, file).catch(orExisting);
  } finally {
    await rm(temporary, { force: true });
  }
  return readFile(file, 'utf8');
}

function orMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

function orExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
