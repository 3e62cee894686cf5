import { userInfo } from 'node:os';
import type { ClientConfig } from 'pg';
import { ConfigError } from '../errors/config-error.ts';
import { connectionFailure } from './connection-failure.ts';
import { offersTls, refusesPlaintext } from './probe.ts';
import { type TlsSettings, tlsSettings } from './tls.ts';

/** Where and how to connect, for `pg`. */
export interface ConnectionOptions extends ClientConfig {
  /** A name, an address without brackets, or the directory of a Unix socket. */
  host: string;
  port: number;
  user: string;
  database: string;
  requireChannelBinding: boolean;
}

const CONNECT_SECONDS = 5;

/**
 * Reads a `postgres:` URL as libpq does, parameters and `sslmode` included. Parameters that choose between
 * several servers and those of other libraries are ignored.
 * With `sslmode` `prefer` (the default) and `allow` it asks the server once, and the answer holds from then on.
 *
 * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
 * @throws {ConfigError} beginning with `DATABASE_URL: `, when it makes no sense or the server asked does not answer
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
    // Without a password `pg` looks into PGPASSWORD and ~/.pgpass, as libpq does.
    ...(password && { password }),
    ...(options && { options }),
    application_name:
      parameters.get('application_name') ??
      parameters.get('fallback_application_name') ??
      'tasks-api',
    connectionTimeoutMillis: 1000 * (Number(parameters.get('connect_timeout')) || CONNECT_SECONDS),
    enableChannelBinding: channelBinding !== 'disable',
    requireChannelBinding: channelBinding === 'require',
    ssl: false,
  };
  if (!(await usesTls(plain, tls))) return plain;
  return { ...plain, ssl: tls.options, sslnegotiation: tls.direct ? 'direct' : 'postgres' };
}

async function usesTls(options: ConnectionOptions, { mode }: TlsSettings): Promise<boolean> {
  // On a Unix socket libpq ignores sslmode.
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
    // Unlike libpq, URL wants a host after a user.
    const url = new URL(databaseUrl.replace(/^([a-z]+:\/\/[^/?#]*@)(?=[/?#]|$)/, '$1localhost'));
    // Unlike a browser, libpq takes "+" for itself.
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

/** Without the cause, which could show the password. */
function notAUrl(): ConfigError {
  return new ConfigError(
    'DATABASE_URL: is no valid URL; percent-encode special characters of the user name and password',
  );
}

function hostOf(url: URL, parameters: URLSearchParams): string {
  const host = parameters.get('host') ?? decode(url.hostname).replace(/^\[(.*)\]$/, '$1');
  if (host.includes(',')) {
    throw new ConfigError('DATABASE_URL: must name one host, not several');
  }
  return host || 'localhost';
}

function portOf(url: URL, parameters: URLSearchParams): number {
  const port = Number(parameters.get('port') ?? (url.port || 5432));
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new ConfigError('DATABASE_URL: port must be a number from 1 to 65535');
  }
  return port;
}
