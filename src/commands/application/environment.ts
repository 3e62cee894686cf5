import { loopbackAliases } from '../../settings/loopback.ts';

type Environment = Readonly<Record<string, string | undefined>>;

interface Running {
  readonly databaseUrl: string;
  /** Better Auth's secret, which also signs the tokens if `TOKEN_ALGORITHM` is HS256. */
  readonly secret: string;
}

export interface Environments {
  readonly service: Environment;
  readonly frontend: Environment;
  /** The public URL of the application, which users open. */
  readonly url: string;
  /** The URL of the service on this machine. */
  readonly serviceUrl: string;
  /** The URL of the frontend on this machine. */
  readonly frontendUrl: string;
}

const LOOPBACK = '127.0.0.1';

/**
 * The environment variables with which the service and the frontend find and trust each other. Given settings take
 * precedence over the defaults here. Exception: the service gets the secret only if it signs the tokens (HS256).
 */
export function applicationEnvironments(given: Environment, running: Running): Environments {
  const host = given['HOST'] ?? LOOPBACK;
  const [servicePort, frontendPort] = [given['PORT'] ?? '8000', given['APP_PORT'] ?? '3000'];
  const serviceUrl = `http://${connectHost(host)}:${servicePort}`;
  const url = given['BETTER_AUTH_URL'] ?? `http://localhost:${frontendPort}`;
  const { origin, pathname } = new URL(url);
  const frontendUrl = `http://${connectHost(host)}:${frontendPort}${pathname.replace(/\/+$/, '')}`;
  const algorithm = given['TOKEN_ALGORITHM'] ?? 'EdDSA';
  const { databaseUrl, secret } = running;
  const common = { ...given, HOST: host, DATABASE_URL: databaseUrl };

  return {
    url,
    serviceUrl,
    frontendUrl,
    service: {
      SHUTDOWN_DELAY: '0',
      LOG_LEVEL: 'warn',
      CORS_ORIGINS: loopbackAliases(origin).join(','),
      ...(given['TASKS_API_URL'] === '/' && { PUBLIC_URL: url }),
      ...common,
      JWT_ISSUER: origin,
      JWT_AUDIENCE: origin,
      NODE_ENV: 'production',
      PORT: servicePort,
      ...(algorithm === 'HS256'
        ? { BETTER_AUTH_SECRET: secret, BETTER_AUTH_URL: '', BETTER_AUTH_JWKS_URL: '' }
        : {
            BETTER_AUTH_SECRET: '',
            BETTER_AUTH_URL: url,
            // Not the public URL, which may be unreachable from this machine.
            BETTER_AUTH_JWKS_URL: given['BETTER_AUTH_JWKS_URL'] ?? `${frontendUrl}/api/auth/jwks`,
          }),
    },
    frontend: {
      TASKS_API_URL: `http://localhost:${servicePort}`,
      TASKS_API_INTERNAL_URL: serviceUrl,
      ...common,
      BETTER_AUTH_URL: url,
      BETTER_AUTH_SECRET: secret,
      TOKEN_ALGORITHM: algorithm,
    },
  };
}

/** The host to connect to, for a host to listen on: a wildcard address becomes the loopback address. */
function connectHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return LOOPBACK;
  return host.includes(':') ? `[${host}]` : host;
}
