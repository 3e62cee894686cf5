import { pino, type Logger, type LoggerOptions } from 'pino';

export type { Logger };

/** Formats the log for people, in a terminal only. A development dependency, so it may not be installed. */
const pretty = process.stdout.isTTY
  ? await import('pino-pretty').then(
      ({ default: format }) => format,
      () => undefined,
    )
  : undefined;

/** Creates a log of JSON lines on standard output; formatted for people if standard output is a terminal. */
export function createLog(level: string): Logger {
  const options = logOptions(level);
  return pretty ? pino(options, pretty({ sync: true, singleLine: true })) : pino(options);
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
