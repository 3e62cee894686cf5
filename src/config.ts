import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { type Environment, parseSettings } from './settings/parse-settings.ts';
import { databaseUrl, PUBLISHED_SECRET, secret, url, wholeNumber } from './settings/settings.ts';

const oneOf = <const Names extends readonly string[]>(...names: Names) =>
  z.enum(names, { error: `must be one of ${names.join(', ')}` });

const origins = z.string().transform((list, context) => {
  const items = list.split(',').map((item) => item.trim());
  const wrong = items.find((item) => !URL.canParse(item) || new URL(item).origin !== item);
  if (wrong === undefined) return items;
  context.addIssue({
    code: 'custom',
    message: `must be origins such as https://example.com, separated by commas; ${JSON.stringify(wrong)} is none`,
  });
  return z.NEVER;
});

const settings = z.object({
  NODE_ENV: oneOf('development', 'test', 'production').default('development'),
  HOST: z.string().optional(),
  PORT: wholeNumber(0, 65535).default(8000),
  LOG_LEVEL: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent').default('info'),
  CORS_ORIGINS: origins.default(['http://localhost:3000']),
  SHUTDOWN_DELAY: wholeNumber(0, 3).optional(),
  DATA_DIR: z.string().default('.data'),
  DATABASE_URL: databaseUrl.optional(),
  DATABASE_POOL_SIZE: wholeNumber(1, 200).default(10),
  BETTER_AUTH_SECRET: secret.optional(),
  BETTER_AUTH_URL: url.optional(),
  BETTER_AUTH_JWKS_URL: url.optional(),
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
export function parseConfig(environment: Environment) {
  const values = parseSettings(settings, environment, (given) =>
    given['NODE_ENV'] === 'production' ? productionMistakes(given) : [],
  );
  const production = values.NODE_ENV === 'production';
  const authOrigin = values.BETTER_AUTH_URL && new URL(values.BETTER_AUTH_URL).origin;
  const jwksUrl =
    values.BETTER_AUTH_JWKS_URL ??
    (values.BETTER_AUTH_URL && `${values.BETTER_AUTH_URL.replace(/\/+$/, '')}/api/auth/jwks`);

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
      secretIsPublished: values.BETTER_AUTH_SECRET === PUBLISHED_SECRET,
      jwksUrl,
      /** What `iss` and `aud` of every token must be, where they are set. */
      issuer: values.JWT_ISSUER,
      audience: values.JWT_AUDIENCE,
      /** What they must be in tokens verified by JWKS, where nothing else is set. */
      jwksOrigin: authOrigin,
    }),
  });
}

/** What production asks for, beyond what is right everywhere. */
function productionMistakes(given: Environment): string[] {
  const mistakes: string[] = [];
  if (given['BETTER_AUTH_SECRET'] === PUBLISHED_SECRET) {
    mistakes.push(
      'BETTER_AUTH_SECRET: is published on the internet; make your own with: openssl rand -base64 32',
    );
  }
  if (!given['BETTER_AUTH_SECRET'] && !given['BETTER_AUTH_URL'] && !given['BETTER_AUTH_JWKS_URL']) {
    mistakes.push('BETTER_AUTH_SECRET: set it, or BETTER_AUTH_URL, so that tokens can be verified');
  }
  if (!given['DATABASE_URL']) {
    mistakes.push(
      'DATABASE_URL: is required in production, such as postgres://user:password@host:5432/database',
    );
  }
  return mistakes;
}

/** What is set in the environment of this process, over a file `.env` in the working directory. */
export function readEnvironment(): Environment {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
}

/** Reads the configuration of this process from its environment. */
export function readConfig(): Config {
  return parseConfig(readEnvironment());
}
