import { spellingsOf } from '../../settings/loopback.ts';

type Environment = Readonly<Record<string, string | undefined>>;

interface Running {
  readonly databaseUrl: string;
  /** Better Auth's, which signs HS256 tokens, too, where those are wanted. */
  readonly secret: string;
}

export interface Environments {
  readonly service: Environment;
  readonly frontend: Environment;
  /** Where people find the application. */
  readonly url: string;
  /** Where the service listens, as seen from this machine. */
  readonly serviceUrl: string;
  /** Where the frontend listens, as seen from this machine. */
  readonly frontendUrl: string;
}

const LOCAL = '127.0.0.1';

/**
 * What the service and the frontend have to be told so that they find and trust each other. What is given wins, but for
 * the secret: the service learns it only where tokens are signed with it.
 */
export function applicationEnvironments(given: Environment, running: Running): Environments {
  const host = given['HOST'] ?? LOCAL;
  const [servicePort, frontendPort] = [given['PORT'] ?? '8000', given['APP_PORT'] ?? '3000'];
  const serviceUrl = `http://${reachable(host)}:${servicePort}`;
  const frontendUrl = `http://${reachable(host)}:${frontendPort}`;
  const url = given['BETTER_AUTH_URL'] ?? `http://localhost:${frontendPort}`;
  const { origin } = new URL(url);
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
      CORS_ORIGINS: spellingsOf(origin).join(','),
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
            // Not by the public address, which need not lead back to this machine.
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

/** An address of this machine, for a host that may stand for all of them. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return LOCAL;
  return host.includes(':') ? `[${host}]` : host;
}
