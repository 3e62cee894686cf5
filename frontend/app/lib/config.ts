import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { isLoopback } from '../../../src/settings/loopback.ts';
import { type Environment, parseSettings } from '../../../src/settings/parse-settings.ts';
import {
  databaseUrl,
  duration,
  integer,
  networks,
  publicUrl,
  secret,
  SECRET_BYTES,
  url,
} from '../../../src/settings/schemas.ts';
import { isPublished } from '../../../src/settings/secret-flaw.ts';

const DAY = 86_400;

/** A URL that is safe for cookies: https, or this machine. */
const applicationUrl = url
  .pipe(publicUrl)
  .refine((text) => !text.endsWith('/api/auth'), {
    error: 'must be the URL of the application, without /api/auth',
  })
  .refine((text) => !/^http:/i.test(text) || isLoopback(new URL(text).hostname), {
    error: 'must begin with https:// unless the host is localhost, because http exposes cookies',
  })
  .transform((text) => new URL(text));

const settings = z.object({
  NODE_ENV: z.string().optional(),
  MOCK: z.enum(['true', 'false'], { error: 'must be true or false' }).default('false'),
  BETTER_AUTH_URL: applicationUrl.default(new URL('http://localhost:3000')),
  BETTER_AUTH_SECRET: secret
    .refine((text) => !isPublished(text), {
      error: 'is a published sample value; generate your own with: openssl rand -base64 32',
    })
    .optional(),
  DATABASE_URL: databaseUrl.optional(),
  DATABASE_POOL_SIZE: integer(1, 200).default(10),
  TASKS_API_URL: z
    .union([z.literal('/'), url], { error: 'must be a URL such as https://example.com, or /' })
    .default('http://localhost:8000'),
  TASKS_API_INTERNAL_URL: url.optional(),
  TOKEN_ALGORITHM: z
    .enum(['EdDSA', 'HS256'], { error: 'must be one of EdDSA, HS256' })
    .default('EdDSA'),
  TOKEN_LIFETIME: duration('1s', '30d').default(7 * DAY),
  KEY_ROTATION: duration('1s', '365d').default(30 * DAY),
  TRUSTED_PROXIES: networks.default([]),
  AUTH_RATE_LIMIT: integer(1, 1_000_000).default(10),
});

export type Config = ReturnType<typeof parseConfig>;

/**
 * Parses the environment into one frozen object. An empty value counts as not set.
 *
 * @throws {ConfigError} with one line for every setting that is invalid or missing
 */
export function parseConfig(environment: Environment) {
  const values = parseSettings(settings, environment, (given) =>
    given['MOCK'] === 'true' ? mockMistakes(given) : missing(given),
  );
  const { origin, pathname, protocol } = values.BETTER_AUTH_URL;
  const basePath = pathname.replace(/\/$/, '');
  const tasksApiUrl = values.TASKS_API_URL;
  return Object.freeze({
    development: values.NODE_ENV !== 'production',
    /** Runs without a database, with a sample user who is always signed in. */
    mock: values.MOCK === 'true',
    /** The public origin of the application. It is also the issuer and the audience of tokens. */
    url: origin,
    /** The path of the public URL, such as `/todo`; empty for the root. */
    basePath,
    secure: protocol === 'https:',
    /** The mock uses a random one. */
    secret: values.BETTER_AUTH_SECRET ?? randomBytes(SECRET_BYTES).toString('base64url'),
    /** Undefined only in the mock. */
    databaseUrl: values.MOCK === 'true' ? undefined : values.DATABASE_URL,
    databasePoolSize: values.DATABASE_POOL_SIZE,
    /** The service's base URL for browsers, or the path of the application if they share a URL. */
    tasksApiUrl: tasksApiUrl === '/' ? `${basePath}/` : tasksApiUrl,
    /** The service's base URL for this server. */
    tasksApiInternalUrl:
      values.TASKS_API_INTERNAL_URL ?? (tasksApiUrl === '/' ? origin + basePath : tasksApiUrl),
    token: Object.freeze({
      algorithm: values.TOKEN_ALGORITHM,
      /** Seconds. */
      lifetime: values.TOKEN_LIFETIME,
      /** Seconds until a signing key is replaced. */
      keyRotation: values.KEY_ROTATION,
    }),
    /** The proxies whose `X-Forwarded-For` is trusted: IP addresses and networks. */
    trustedProxies: values.TRUSTED_PROXIES,
    /** Attempts per minute, for each client address and each endpoint that takes a password. */
    rateLimit: values.AUTH_RATE_LIMIT,
  });
}

let current: Config | undefined;

/**
 * The configuration of this process. The first call reads it from the environment.
 *
 * @throws {ConfigError} with one line for every setting that is invalid or missing
 */
export function readConfig(): Config {
  current ??= parseConfig(process.env);
  return current;
}

type Given = Environment;

function missing(given: Given): string[] {
  return [
    ...(given['BETTER_AUTH_SECRET']
      ? []
      : ['BETTER_AUTH_SECRET: is missing; generate one with: openssl rand -base64 32']),
    ...(given['DATABASE_URL']
      ? []
      : [
          'DATABASE_URL: is missing; set it to a URL such as postgres://user:password@host:5432/database',
        ]),
  ];
}

function mockMistakes(given: Given): string[] {
  if (given['NODE_ENV'] !== 'production') return [];
  return [
    'MOCK: is not allowed in production, because it signs everyone in as a sample user; remove it',
  ];
}
