import { userInfo } from 'node:os';
import type { ClientConfig } from 'pg';
import { ConfigError } from '../../errors/config-error.ts';
import { connectionFailure } from './connection-failure.ts';
import { offersTls, refusesPlaintext } from './tls-probe.ts';
import { type TlsSettings, tlsSettings } from './tls.ts';

/** Connection options for `pg`. */
export interface ConnectionOptions extends ClientConfig {
  /** A host name, an IP address without brackets, or the directory of a Unix socket. */
  host: string;
  port: number;
  user: string;
  database: string;
  requireChannelBinding: boolean;
  /** False with `pgbouncer=true`, as in Prisma: the connection pooler does not support prepared statements. */
  preparedStatements: boolean;
  /** Whether each statement must name the user whose rows it may access; see `secureRows`. */
  rowSecurity: boolean;
}

const CONNECT_TIMEOUT_SECONDS = 5;

/**
 * Parses a `postgres:` URL like libpq, including its parameters such as `sslmode`. Parameters that select one of several
 * servers, and those of other libraries that are not about security, are ignored. With `sslmode=prefer` (the default) and `sslmode=allow`, the server
 * is probed once; the result applies to all later connections.
 *
 * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
 * @throws {ConfigError} beginning with `DATABASE_URL: `, when the URL is invalid or the probed server is not reachable
 */
export async function connectionOptions(databaseUrl: string): Promise<ConnectionOptions> {
  const { url, parameters } = parse(databaseUrl);
  const tls = tlsSettings(parameters);
  const user = parameters.get('user') ?? (decode(url.username) || userInfo().username);
  const password = parameters.get('password') ?? decode(url.password);
  const options = parameters.get('options');
  const channelBinding = parameters.get('channel_binding') ?? 'prefer';
  if (!['disable', 'prefer', 'require'].includes(channelBinding)) {
    throw new ConfigError('DATABASE_URL: channel_binding must be disable, prefer or require');
  }
  const plain: ConnectionOptions = {
    host: hostOf(url, parameters),
    port: portOf(url, parameters),
    user,
    database: parameters.get('dbname') ?? (decode(url.pathname.slice(1)) || user),
    // Without a password, `pg` reads PGPASSWORD and ~/.pgpass like libpq.
    ...(password && { password }),
    ...(options && { options }),
    application_name:
      parameters.get('application_name') ??
      parameters.get('fallback_application_name') ??
      'tasks-api',
    connectionTimeoutMillis:
      1000 * (Number(parameters.get('connect_timeout')) || CONNECT_TIMEOUT_SECONDS),
    enableChannelBinding: channelBinding !== 'disable',
    requireChannelBinding: channelBinding === 'require',
    preparedStatements: parameters.get('pgbouncer') !== 'true',
    rowSecurity: false,
    ssl: false,
  };
  if (!(await usesTls(plain, tls))) return plain;
  return { ...plain, ssl: tls.options, sslnegotiation: tls.direct ? 'direct' : 'postgres' };
}

async function usesTls(options: ConnectionOptions, { mode }: TlsSettings): Promise<boolean> {
  // libpq ignores sslmode on a Unix socket.
  if (mode === 'disable' || options.host.startsWith('/')) return false;
  if (mode !== 'prefer' && mode !== 'allow') return true;
  try {
    return await (mode === 'prefer' ? offersTls(options) : refusesPlaintext(options));
  } catch (error) {
    throw connectionFailure(options, error);
  }
}

function parse(databaseUrl: string) {
  try {
    // Unlike libpq, URL requires a host after the user.
    const url = new URL(databaseUrl.replace(/^([a-z]+:\/\/[^/?#]*@)(?=[/?#]|$)/, '$1localhost'));
    // URLSearchParams decodes "+" as a space, libpq does not.
    return { url, parameters: new URLSearchParams(url.search.replaceAll('+', '%2B')) };
  } catch {
    throw notAUrl();
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw notAUrl();
  }
}

/** Has no cause, which could contain the password. */
function notAUrl(): ConfigError {
  return new ConfigError(
    'DATABASE_URL: not a valid URL; percent-encode special characters in the user name and password',
  );
}

function hostOf(url: URL, parameters: URLSearchParams): string {
  const host = parameters.get('host') ?? decode(url.hostname).replace(/^\[(.*)\]$/, '$1');
  if (host.includes(',')) {
    throw new ConfigError('DATABASE_URL: must contain exactly one host');
  }
  return host || 'localhost';
}

function portOf(url: URL, parameters: URLSearchParams): number {
  const port = Number(parameters.get('port') ?? (url.port || 5432));
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new ConfigError('DATABASE_URL: port must be an integer from 1 to 65535');
  }
  return port;
}
