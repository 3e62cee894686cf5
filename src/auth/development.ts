import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import type { Config } from '../config.ts';
import { ConfigError } from '../errors/config-error.ts';
import { SECRET_BYTES } from '../settings/settings.ts';

const LIFETIME = '24h';

/**
 * The secret that HS256 tokens are verified with: the configured one, or, with no key configured at all, a random one
 * that is kept in the data directory. Undefined when all tokens come by JWKS.
 *
 * @throws {ConfigError} when the random one cannot be kept or read
 */
export async function resolveSecret({
  auth,
  dataDir,
}: Pick<Config, 'auth' | 'dataDir'>): Promise<string | undefined> {
  if (auth.secret !== undefined || auth.jwksUrl !== undefined) return auth.secret;
  return developmentSecret(dataDir);
}

/**
 * The random secret in the file `secret` of the data directory, made on first use. All who start at once get the same.
 *
 * @throws {ConfigError} when the file cannot be made or read, or is damaged
 */
export async function developmentSecret(dataDir: string): Promise<string> {
  const file = join(dataDir, 'secret');
  try {
    const kept =
      (await readFile(file, 'utf8').catch(orMissing)) ?? (await makeSecret(dataDir, file));
    if (Buffer.byteLength(kept) >= SECRET_BYTES) return kept;
  } catch (error) {
    throw new ConfigError(`DATA_DIR: the secret cannot be kept there: ${String(error)}`);
  }
  throw new ConfigError(`DATA_DIR: ${file} is damaged; remove it, and a new secret is made`);
}

/**
 * Signs a token that the service accepts for 24 hours: for development, where there is no Better Auth.
 *
 * @param user the id of the user; the email and the name are made from it
 * @param expiry another time of expiry, from now, as jose reads it: `1 minute ago` has passed
 */
export async function signDevelopmentToken(
  { auth }: Pick<Config, 'auth'>,
  secret: string,
  user: string,
  expiry = LIFETIME,
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

/** A hard link appears complete or not at all, and never replaces what another process made first. */
async function makeSecret(dataDir: string, file: string): Promise<string> {
  const draft = `${file}.${randomUUID()}`;
  await mkdir(dataDir, { recursive: true });
  try {
    await writeFile(draft, randomBytes(SECRET_BYTES).toString('base64url'), {
      mode: 0o600,
      flag: 'wx',
    });
    await link(draft, file).catch(orExisting);
  } finally {
    await rm(draft, { force: true });
  }
  return readFile(file, 'utf8');
}

function orMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

function orExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
