import {
  BackendTerminatedError,
  BackendTerminatedUnexpectedlyError,
  ConnectionError,
} from 'slonik';
import { Problem, type ProblemCode } from '../errors/problem.ts';
import { codeOf } from './error-code.ts';

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
