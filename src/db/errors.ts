import {
  BackendTerminatedError,
  BackendTerminatedUnexpectedlyError,
  ConnectionError,
} from 'slonik';
import { ConfigError } from '../config.ts';
import { Problem, type ProblemCode } from '../http/problem.ts';

/** SQLSTATEs, or their first two characters, that say something about the caller or the database's state. */
const PROBLEMS: Readonly<Record<string, ProblemCode>> = {
  '08': 'unavailable', // connection exception
  '22021': 'malformed-request', // character not in repertoire, such as NUL
  '25006': 'unavailable', // read-only transaction: a standby, during failover
  '40001': 'unavailable', // serialization failure
  '40P01': 'unavailable', // deadlock detected
  '53': 'unavailable', // insufficient resources: connections, memory, disk
  '55P03': 'unavailable', // lock not available
  '57': 'unavailable', // operator intervention: shutdown, starting up, statement timeout
  '58': 'unavailable', // system error outside PostgreSQL, such as input or output
};

/** An error that slonik throws when the connection went between its pool and its use. */
const LOST_CLIENT = /^Client is (pending destroy|destroyed)\.$/;

/**
 * Translates an error of the database layer: a `Problem` where the database is not reachable or overloaded,
 * or where it refused what the caller sent. Any other error is returned as it is.
 */
export function toProblem(error: unknown): unknown {
  if (error instanceof Problem) return error;
  const code = problemCode(error);
  return code ? new Problem(code, { cause: error }) : error;
}

function problemCode(error: unknown): ProblemCode | undefined {
  if (
    error instanceof ConnectionError ||
    error instanceof BackendTerminatedError ||
    error instanceof BackendTerminatedUnexpectedlyError ||
    (error instanceof Error && LOST_CLIENT.test(error.message))
  ) {
    return 'unavailable';
  }
  const state = codeOf(error);
  return PROBLEMS[state] ?? PROBLEMS[state.slice(0, 2)];
}

/** Whether an error says that a statement violates the constraint, or unique index, of that name. */
export function violates(error: unknown, constraint: string): boolean {
  return error instanceof Error && 'constraint' in error && error.constraint === constraint;
}

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

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
