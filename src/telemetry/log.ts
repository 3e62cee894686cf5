import { pino, type Logger, type LoggerOptions } from 'pino';
import pretty from 'pino-pretty';

export type { Logger };

/** JSON lines on standard output; readable ones when that is a terminal. */
export function createLog(level: string): Logger {
  const options = logOptions(level);
  return process.stdout.isTTY
    ? pino(options, pretty({ sync: true, singleLine: true }))
    : pino(options);
}

/** What a line of the log holds. */
export function logOptions(level: string): LoggerOptions {
  return { level, base: null, serializers: { err: tellError } };
}

interface ToldError {
  type: string;
  message: string;
  stack: string | undefined;
  code?: string;
  cause?: ToldError;
}

/** What the log tells of an error: never a title or a description, which libraries attach to theirs with the statement. */
function tellError(error: unknown): ToldError | string {
  if (!(error instanceof Error)) return typeof error;
  const { message, stack, cause } = error;
  return {
    type: error.constructor.name,
    message,
    stack,
    ...('code' in error && { code: String(error.code) }),
    ...(cause instanceof Error && { cause: tellError(cause) as ToldError }),
  };
}
