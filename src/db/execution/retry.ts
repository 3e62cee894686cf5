import { codeOf } from '../error-code.ts';
import { isRead } from '../statement.ts';

/**
 * The errors of a prepared statement that does not run: its columns have changed, it exists already, or it does not exist,
 * because the statement that prepared it before failed.
 */
const NOT_PREPARED = new Set(['0A000', '42P05', '26000']);

/** The server ends a connection, or the connection is cut. */
const CUT_CONNECTION = new Set(['57P01', 'ECONNRESET', 'EPIPE']);
const CUT_MESSAGE = 'Connection terminated unexpectedly';

/**
 * Runs a statement, and retries it once if it did not run, because its connection had not prepared it, or if it only reads and
 * its connection was cut. Any other statement can have taken effect.
 *
 * @param text of the statement
 */
export function retryOnce<T>(execute: () => Promise<T>, text: string): Promise<T> {
  return execute().catch((error: unknown) => {
    if (!isNotPrepared(error) && !(affectsAllConnections(error) && isRead(text))) throw error;
    return execute();
  });
}

/** Whether an error shows that the other connections are unusable as well. */
export function affectsAllConnections(error: unknown): boolean {
  const isCut = error instanceof Error && error.message === CUT_MESSAGE;
  return isNotPrepared(error) || isCut || CUT_CONNECTION.has(codeOf(error));
}

function isNotPrepared(error: unknown): boolean {
  return NOT_PREPARED.has(codeOf(error));
}
