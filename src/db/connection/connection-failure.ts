import { ConfigError } from '../../errors/config-error.ts';
import { codeOf } from '../error-code.ts';

interface Server {
  host: string;
  port: number;
  user: string;
  database: string;
}

/** The reason and what to do, by SQLSTATE, Node.js error code or error message. */
const REASONS: Readonly<Record<string, (server: Server) => string>> = {
  ECONNREFUSED: () => 'connection refused; check that PostgreSQL is running',
  ENOENT: () => 'the socket does not exist; check that PostgreSQL is running',
  ENOTFOUND: () => 'host not found; check its name',
  EAI_AGAIN: () => 'DNS lookup failed; check the host name and the DNS server',
  'timeout expired': () => 'connection timed out; check host, port and firewalls',
  '28P01': () => 'wrong user or password',
  '3D000': ({ database }) => `database "${database}" does not exist; create it first`,
  'The server does not support SSL connections': () =>
    'the server does not support TLS; enable it there, or use sslmode=disable on a trusted network',
};

/** Error codes of Node.js and OpenSSL for a failed certificate verification. */
const CERTIFICATE = /^(CERT_|ERR_TLS_CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_)/;

/**
 * Describes in one line why the connection to a server failed, and what to do. Never contains the password.
 *
 * @returns a `ConfigError` whose message begins with `DATABASE_URL: `
 */
export function connectionFailure(server: Server, error: unknown): ConfigError {
  const code = codeOf(error);
  const message = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ');
  const known = REASONS[code] ?? REASONS[message];
  const advice = CERTIFICATE.test(code) ? '; check sslrootcert and the host name' : '';
  const reason = known?.(server) ?? (message || code) + advice;
  const host = server.host.includes(':') ? `[${server.host}]` : server.host;
  return new ConfigError(
    `DATABASE_URL: cannot connect to ${host}:${server.port} as ${server.user}: ${reason}`,
    { cause: error },
  );
}
