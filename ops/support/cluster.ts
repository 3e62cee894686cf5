import { join } from 'node:path';
import { resolveSecret } from '../../src/auth/secret.ts';
import { showStep } from '../../src/commands/application/step.ts';
import { freePort } from '../../src/commands/free-port.ts';
import { type Config, readEnvironment } from '../../src/config.ts';
import { openDatabaseServer } from '../../src/db/connection/open-database-server.ts';
import { ConfigError } from '../../src/errors/config-error.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import { localPort, startHaproxy, startRedis } from './backends.ts';

/** HAProxy notices within a second that a replica is not ready. */
const SHUTDOWN_DELAY_SECONDS = 2;
const REQUESTS_PER_MINUTE = 1200;
const MAX_REPLICAS = 20;

/** What the replicas of a service need, on this machine: a database, Redis, and a load balancer. */
export interface Cluster extends AsyncDisposable {
  /** The port of the load balancer. */
  readonly port: number;
  /** The ports of the replicas. */
  readonly ports: readonly number[];
  readonly secret: string | undefined;
  readonly databaseUrl: string;
  /** Rejects with the reason when an embedded database keeps ending. Never resolves. */
  readonly failed: Promise<never>;
  /** The settings of the replica on a port. */
  environmentOf(port: number): Record<string, string>;
}

/**
 * Starts the database, unless `DATABASE_URL` is set, Redis and HAProxy.
 *
 * @param settings replace those of the replicas
 * @throws {ConfigError} if a program is not installed, or the port is in use
 */
export async function startCluster(
  config: Config,
  replicas: number,
  settings: Record<string, string> = {},
): Promise<Cluster> {
  await using started = new AsyncDisposableStack();
  const port = await freePort(
    'PORT',
    String(config.port),
    '127.0.0.1',
    'choose another port, such as PORT=8001',
  );
  const secret = await resolveSecret(config);
  const database = await showStep('Starting PostgreSQL', () =>
    openDatabaseServer(config, createLogger('silent')),
  );
  started.defer(() => database.stop());
  const redis = started.use(await showStep('Starting Redis', startRedis));
  const ports: number[] = [];
  while (ports.length < replicas) ports.push(await localPort());
  started.use(await showStep('Starting HAProxy', () => startHaproxy(port, ports)));
  const resources = started.move();
  return {
    port,
    ports,
    secret,
    databaseUrl: database.url,
    failed: database.failed,
    environmentOf: (replica) => ({
      ...definedOf(readEnvironment()),
      ...(secret !== undefined && { BETTER_AUTH_SECRET: secret }),
      HOST: '127.0.0.1',
      PORT: String(replica),
      DATABASE_URL: database.url,
      RATE_LIMIT: String(REQUESTS_PER_MINUTE),
      RATE_LIMIT_STORE: redis.url,
      TRUSTED_PROXIES: '127.0.0.1',
      SHUTDOWN_DELAY: String(SHUTDOWN_DELAY_SECONDS),
      METRICS_PORT: '',
      LOG_LEVEL: 'warn',
      ...settings,
    }),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/**
 * The number of replicas in the variable `replicas`.
 *
 * @throws {ConfigError} if it is not an integer from 1 to 20
 */
export function readReplicas(): number {
  const { replicas = '3' } = process.env;
  const number = Number(replicas);
  if (/^\d+$/.test(replicas) && number >= 1 && number <= MAX_REPLICAS) return number;
  throw new ConfigError(`replicas=${replicas}: must be an integer from 1 to ${MAX_REPLICAS}`);
}

/** The script that starts the service of a checkout. */
export const serviceOf = (checkout: string) => join(checkout, 'src', 'main.ts');

const definedOf = (environment: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
