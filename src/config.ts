import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { origins } from './settings/origins.ts';
import { type Environment, parseSettings } from './settings/parse-settings.ts';
import { productionErrors } from './settings/production.ts';
import { replicaErrors } from './settings/replica.ts';
import {
  baseUrl,
  databaseUrl,
  duration,
  integer,
  networks,
  publicUrl,
  secret,
  url,
} from './settings/schemas.ts';
import { isPublished } from './settings/secret-flaw.ts';

const oneOf = <const Names extends readonly string[]>(...names: Names) =>
  z.enum(names, { error: `must be one of ${names.join(', ')}` });

const cores = availableParallelism();
const workers = z
  .string()
  .refine((text) => text === 'auto' || (/^[1-9]\d{0,3}$/.test(text) && Number(text) <= cores), {
    error: `must be auto or an integer from 1 to ${cores}, the number of CPU cores`,
  })
  .transform((text) => (text === 'auto' ? cores : Number(text)));

const MAX_RATE = 100_000_000;
const redisUrl = z
  .string()
  .regex(/^rediss?:\/\//, 'must be a URL such as redis://user:password@host:6379/0');

const NOT_DISTRIBUTED =
  'DATABASE_SERVICE_ROLE: row-level security is not supported with DATABASE_DISTRIBUTED; remove one of them';

const settings = z.object({
  NODE_ENV: oneOf('development', 'test', 'production').default('development'),
  HOST: z.string().optional(),
  PORT: integer(0, 65535).default(8000),
  LOG_LEVEL: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent').default('info'),
  METRICS_PORT: integer(1, 65535).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: url.optional(),
  OTEL_TRACES_EXPORTER: z.string().optional(),
  CORS_ORIGINS: origins.default(['http://localhost:3000']),
  TRUSTED_PROXIES: networks.default([]),
  PUBLIC_URL: publicUrl.optional(),
  RATE_LIMIT: integer(0, MAX_RATE).optional(),
  AUTH_FAILURE_LIMIT: integer(0, MAX_RATE).optional(),
  RATE_LIMIT_STORE: redisUrl.optional(),
  WORKERS: workers.default(1),
  SHUTDOWN_DELAY: integer(0, 3).optional(),
  DATA_DIR: z.string().default('.data'),
  DATABASE_URL: databaseUrl.optional(),
  DATABASE_READ_URL: databaseUrl.optional(),
  DATABASE_READ_MAX_LAG: duration('1s', '1h').default(30),
  DATABASE_POOL_SIZE: integer(1, 200).default(10),
  DATABASE_DISTRIBUTED: oneOf('citus').optional(),
  DATABASE_SERVICE_ROLE: z.string().optional(),
  DATABASE_PREPARED_STATEMENTS: oneOf('auto', 'on', 'off').default('auto'),
  BETTER_AUTH_SECRET: secret.optional(),
  BETTER_AUTH_URL: baseUrl.optional(),
  BETTER_AUTH_JWKS_URL: url.optional(),
  JWT_ISSUER: z.string().optional(),
  JWT_AUDIENCE: z.string().optional(),
  JWT_LEEWAY: duration('0s', '5m').default(30),
  JWT_MAX_LIFETIME: duration('1m', '365d').default(30 * 86_400),
});

export type Config = ReturnType<typeof parseConfig>;

/**
 * Validates the settings and returns the configuration. An empty value counts as not set.
 *
 * @throws {ConfigError} with one line per invalid or missing setting
 */
export function parseConfig(environment: Environment) {
  const values = parseSettings(settings, environment, (given) => [
    ...(given['DATABASE_DISTRIBUTED'] && given['DATABASE_SERVICE_ROLE'] ? [NOT_DISTRIBUTED] : []),
    ...(given['NODE_ENV'] === 'production' ? productionErrors(given, jwksUrlOf(given)) : []),
    ...replicaErrors(given),
  ]);
  const production = values.NODE_ENV === 'production';
  const authOrigin = values.BETTER_AUTH_URL && new URL(values.BETTER_AUTH_URL).origin;

  return Object.freeze({
    production,
    host: values.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    port: values.PORT,
    logLevel: values.LOG_LEVEL,
    /** The port of the metrics; without it, there are none. */
    metricsPort: values.METRICS_PORT,
    /** Whether requests are traced. The SDK of OpenTelemetry reads its `OTEL_*` variables itself. */
    tracing:
      values.OTEL_TRACES_EXPORTER === undefined
        ? values.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined
        : values.OTEL_TRACES_EXPORTER !== 'none',
    corsOrigins: values.CORS_ORIGINS,
    /** The proxies whose `X-Forwarded-…` headers are trusted: IP addresses and networks. */
    trustedProxies: values.TRUSTED_PROXIES,
    /** The URL of the service for clients, without a slash at its end. */
    publicUrl: values.PUBLIC_URL,
    /** Limits per minute; 0 for none. */
    rateLimits: Object.freeze({
      /** Requests per user. */
      perUser: values.RATE_LIMIT ?? (production ? 1_200 : 0),
      /** Rejected tokens per client IP address. */
      perAddress: values.AUTH_FAILURE_LIMIT ?? (production ? 60 : 0),
      /** The Redis server that counts for several processes. Without it, each process counts separately. */
      store: values.RATE_LIMIT_STORE,
    }),
    /** The number of processes that serve requests. */
    workers: values.WORKERS,
    /** Seconds to accept connections after SIGTERM, while the health checks fail and load balancers notice. */
    shutdownDelay: values.SHUTDOWN_DELAY ?? (production ? 3 : 0),
    dataDir: resolve(values.DATA_DIR),
    databaseUrl: values.DATABASE_URL,
    /** The streaming replica that executes statements that only read, if there is one. */
    replica:
      values.DATABASE_READ_URL === undefined
        ? undefined
        : Object.freeze({
            url: values.DATABASE_READ_URL,
            /** How far it may lag, in seconds. */
            maxLag: values.DATABASE_READ_MAX_LAG,
          }),
    databasePoolSize: values.DATABASE_POOL_SIZE,
    /** Whether the migration distributes the tables with Citus. */
    distributed: values.DATABASE_DISTRIBUTED === 'citus',
    /** The role of the service, for which the migration enables row-level security. */
    serviceRole: values.DATABASE_SERVICE_ROLE,
    preparedStatements: values.DATABASE_PREPARED_STATEMENTS,
    auth: Object.freeze({
      secret: values.BETTER_AUTH_SECRET,
      isSampleSecret: isPublished(values.BETTER_AUTH_SECRET ?? ''),
      jwksUrl: jwksUrlOf(values),
      /** The required `iss` and `aud` of every token, if set. `any` means the same as not set, but production requires it to be explicit. */
      issuer: values.JWT_ISSUER,
      audience: values.JWT_AUDIENCE === 'any' ? undefined : values.JWT_AUDIENCE,
      /** The default of both for tokens that are verified by JWKS. */
      jwksOrigin: authOrigin,
      /** Seconds that `iat` and `nbf` can be in the future, to tolerate clock skew. */
      leeway: values.JWT_LEEWAY,
      /** The maximum of `exp` - `iat`, in seconds. */
      maxLifetime: values.JWT_MAX_LIFETIME,
    }),
  });
}

/** Better Auth's API is below `/api/auth`, which its URL can already contain, even with the path of the JWKS. */
function jwksUrlOf({
  BETTER_AUTH_URL: base,
  BETTER_AUTH_JWKS_URL: jwksUrl,
}: Readonly<Partial<Record<'BETTER_AUTH_URL' | 'BETTER_AUTH_JWKS_URL', string | undefined>>>):
  | string
  | undefined {
  return jwksUrl ?? (base && `${base.replace(/\/*(\/api\/auth(\/jwks)?)?\/*$/, '')}/api/auth/jwks`);
}

/** The non-empty environment variables of this process, and for unset ones the values in `.env` of the working directory. */
export function readEnvironment(): Environment {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
}

/**
 * Reads the configuration of this process from its environment variables and `.env`.
 *
 * @throws {ConfigError} with one line per invalid or missing setting
 */
export function readConfig(): Config {
  return parseConfig(readEnvironment());
}
