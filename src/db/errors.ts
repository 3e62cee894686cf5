import {
  BackendTerminatedError,
  BackendTerminatedUnexpectedlyError,
  ConnectionError,
} from 'slonik';
import { Problem, type ProblemCode } from '../errors/problem.ts';
import { codeOf } from './error-code.ts';

/** Error codes by SQLSTATE, or by its class (the first two characters). Any other SQLSTATE is an internal error. */
const PROBLEMS: Readonly<Record<string, ProblemCode>> = {
  '08': 'unavailable', // connection exception
  '22021': 'malformed-request', // character not in repertoire, such as NUL
  '25006': 'unavailable', // read-only transaction: a standby, during failover
  '40001': 'unavailable', // serialization failure
  '40P01': 'unavailable', // deadlock detected
  '53': 'unavailable', // insufficient resources: connections, memory, disk
  '55P03': 'unavailable', // lock not available
  '57': 'unavailable', // operator intervention: shutdown, starting up, statement timeout
  '58': 'unavailable', // system error outside PostgreSQL, such as an I/O error
};

/** The message of Slonik's error for a connection that was lost after it was taken from the pool. */
const LOST_CONNECTION = /^Client is (pending destroy|destroyed)\.$/;

/**
 * Translates a database error to a `Problem`, if the database is not reachable or overloaded, or if it rejected a value of
 * the request. Returns any other error unchanged.
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
    (error instanceof Error && LOST_CONNECTION.test(error.message))
  ) {
    return 'unavailable';
  }
  const state = codeOf(error);
  return PROBLEMS[state] ?? PROBLEMS[state.slice(0, 2)];
}

/**
 * The errors that concern only the statement: data exception, integrity constraint violation, lock timeout, statement
 * timeout.
 */
const STATEMENT_ERROR = /^(2[23]|55P03$|57014$)/;

/** Whether an error concerns only the statement, which may not have been sent, so that its connection can be used again. */
export function isStatementError(error: unknown): boolean {
  return error instanceof Problem || STATEMENT_ERROR.test(codeOf(error));
}

/**
 * Whether a database error reports the violation of a constraint or unique index. Citus appends the number of the shard to the name,
 * and repeats only the SQLSTATE and the message of an error of a worker.
 */
export function violates(error: unknown, constraint: string): boolean {
  if (!(error instanceof Error) || !codeOf(error).startsWith('23')) return false;
  const { constraint: reported } = error as Error & { readonly constraint?: string };
  const names = reported === undefined ? (error.message.match(/\w+/g) ?? []) : [reported];
  return names.some((name) => name.replace(/_\d+$/, '') === constraint);
}
