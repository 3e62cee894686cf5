import { ConfigError } from '../errors/config-error.ts';
import { codeOf } from './error-code.ts';

interface Server {
  host: string;
  port: number;
  user: string;
  database: string;
}

/** Reasons by SQLSTATE, code of Node or message, and what to do about each. */
const REASONS: Readonly<Record<string, (server: Server) => string>> = {
  ECONNREFUSED: () => 'connection refused; is PostgreSQL running there?',
  ENOENT: () => 'there is no such socket; is PostgreSQL running there?',
  ENOTFOUND: () => 'no such host; check its name',
  EAI_AGAIN: () => 'the host name cannot be looked up; check it and the DNS',
  'timeout expired': () => 'no answer; check host, port and firewalls',
  '28P01': () => 'wrong user or password; correct them',
  '3D000': ({ database }) => `database "${database}" does not exist; create it first`,
  'The server does not support SSL connections': () =>
    'the server offers no TLS; set it up there, or use sslmode=disable on a network you trust',
};

/** Codes of Node and OpenSSL for certificates that fail verification. */
const CERTIFICATE = /^(CERT_|ERR_TLS_CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_)/;

/**
 * Says in one line why a server cannot be connected to, and what to do. Never shows the password.
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
