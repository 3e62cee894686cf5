import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';

/** Published in plans that people copy: everybody knows it, so it protects nothing. */
const PUBLISHED_SECRET = 'zF4Gr5uYTUtVZVcyXGLFaTyskJhewCl5';
const SECRET_BYTES = 32;

/** A configuration that cannot work. The message has one line per mistake, each beginning with the setting's name. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const url = (protocols: RegExp) =>
  z.url({
    protocol: protocols,
    error: `must be a URL (${protocols.source.replace(/[^a-z|]/g, '')})`,
  });

const origin = z
  .string()
  .refine((value) => URL.canParse(value) && new URL(value).origin === value, {
    error: 'must be origins such as https://example.com, separated by commas',
  });

const settings = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().optional(),
  PORT: z.coerce.number().int().min(0).max(65535).default(8000),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  CORS_ORIGINS: z
    .string()
    .default('http://localhost:3000')
    .transform((list) => list.split(',').map((item) => item.trim()))
    .pipe(z.array(origin)),
  SHUTDOWN_DELAY: z.coerce.number().int().min(0).max(5).optional(),
  DATA_DIR: z.string().default('.data'),
  DATABASE_URL: z
    .string()
    .regex(
      /^postgres(ql)?:\/\//,
      'must be a URL such as postgres://user:password@host:5432/database',
    )
    .optional(),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(1).max(200).default(10),
  BETTER_AUTH_SECRET: z
    .string()
    .refine((secret) => Buffer.byteLength(secret) >= SECRET_BYTES, {
      error: `must have at least ${SECRET_BYTES} bytes; make one with: openssl rand -base64 32`,
    })
    .optional(),
  BETTER_AUTH_URL: url(/^https?$/).optional(),
  BETTER_AUTH_JWKS_URL: url(/^https?$/).optional(),
  JWT_ISSUER: z.string().optional(),
  JWT_AUDIENCE: z.string().optional(),
});

export type Config = ReturnType<typeof parseConfig>;

/**
 * Parses the environment into one frozen object; the only reader of settings in the service.
 * An empty value counts as not set.
 *
 * @throws {ConfigError} naming every setting that is wrong or missing, a line each
 */
export function parseConfig(environment: Readonly<Record<string, string | undefined>>) {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`).join('\n'),
    );
  }
  const values = parsed.data;
  const production = values.NODE_ENV === 'production';
  const authOrigin = values.BETTER_AUTH_URL && new URL(values.BETTER_AUTH_URL).origin;
  const jwksUrl =
    values.BETTER_AUTH_JWKS_URL ??
    (values.BETTER_AUTH_URL && `${values.BETTER_AUTH_URL.replace(/\/+$/, '')}/api/auth/jwks`);
  const secretIsPublished = values.BETTER_AUTH_SECRET === PUBLISHED_SECRET;

  const mistakes: string[] = [];
  if (production && secretIsPublished) {
    mistakes.push(
      'BETTER_AUTH_SECRET: is published in the internet; make your own with: openssl rand -base64 32',
    );
  }
  if (production && !values.BETTER_AUTH_SECRET && !jwksUrl) {
    mistakes.push('BETTER_AUTH_SECRET: set it, or BETTER_AUTH_URL, so that tokens can be verified');
  }
  if (production && !values.DATABASE_URL) {
    mistakes.push(
      'DATABASE_URL: is required in production, such as postgres://user:password@host:5432/database',
    );
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes.join('\n'));

  return Object.freeze({
    production,
    host: values.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    port: values.PORT,
    logLevel: values.LOG_LEVEL,
    corsOrigins: values.CORS_ORIGINS,
    /** Seconds between the signal to stop and the last accepted connection, for load balancers to notice. */
    shutdownDelay: values.SHUTDOWN_DELAY ?? (production ? 3 : 0),
    dataDir: resolve(values.DATA_DIR),
    databaseUrl: values.DATABASE_URL,
    databasePoolSize: values.DATABASE_POOL_SIZE,
    auth: Object.freeze({
      secret: values.BETTER_AUTH_SECRET,
      secretIsPublished,
      jwksUrl,
      /** What `iss` and `aud` of every token must be, where they are set. */
      issuer: values.JWT_ISSUER,
      audience: values.JWT_AUDIENCE,
      /** What they must be in tokens verified by JWKS, where nothing else is set. */
      jwksOrigin: authOrigin,
    }),
  });
}

/** Reads the configuration of this process: its environment, over a file `.env` in the working directory. */
export function readConfig(): Config {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return parseConfig(process.env);
}
