import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';

export type { Logger };

/** Formats the log for people, in a terminal only. A development dependency, so it may not be installed. */
const pretty = process.stdout.isTTY
  ? await import('pino-pretty').then(
      ({ default: format }) => format,
      () => undefined,
    )
  : undefined;

/** Linux's PIPE_BUF: a longer write to a pipe could mix with that of another worker process. */
const MAX_WRITE_BYTES = 4096;
/** Lines that cannot be written, because the disk is full, are kept up to this size until they can be. Further ones are lost. */
const MAX_KEPT_BYTES = 1024 * 1024;

/** Creates a log of JSON lines on standard output; formatted for people if standard output is a terminal. */
export function createLogger(level: string): Logger {
  const options = logOptions(level);
  const stream = pretty
    ? pretty({ destination: standardOutput().output, singleLine: true })
    : linesPerTurn();
  return pino(options, stream);
}

/** Standard output. Whether it can be written or not, the service goes on. */
function standardOutput(minLength = 0) {
  const output = pino.destination({
    dest: 1,
    sync: true,
    minLength,
    maxWrite: MAX_WRITE_BYTES,
    maxLength: MAX_KEPT_BYTES,
  });
  let hasFailed = false;
  output.on('error', () => (hasFailed = true)).on('write', () => (hasFailed = false));
  return { output, hasFailed: () => hasFailed };
}

/**
 * Writes the lines of each turn of the event loop together, because a write takes more CPU time than the line itself. The
 * lines are written at the end of the turn, and when the process exits.
 */
function linesPerTurn(): DestinationStream & { flush: () => void } {
  const { output, hasFailed } = standardOutput(MAX_WRITE_BYTES - 1);
  let isScheduled = false;
  const flush = () => {
    isScheduled = false;
    output.flush();
  };
  process.once('exit', () => {
    output.flush();
    // It repeats a write that fails until it succeeds.
    if (!hasFailed()) output.flushSync();
  });
  return {
    flush,
    write(line) {
      output.write(line);
      if (isScheduled) return;
      isScheduled = true;
      setImmediate(flush);
    },
  };
}

/** Log lines have no process id and host name, and contain errors in the form of `serializeError`. */
export function logOptions(level: string): LoggerOptions {
  return { level, base: null, serializers: { err: serializeError } };
}

interface SerializedError {
  type: string;
  message: string;
  stack: string | undefined;
  code?: string;
  cause?: SerializedError;
}

/** Omits the other properties of errors: database errors carry the values of the statement, such as titles. */
function serializeError(error: unknown): SerializedError | string {
  if (!(error instanceof Error)) return typeof error;
  const { message, stack, cause } = error;
  return {
    type: error.constructor.name,
    message,
    stack,
    ...('code' in error && { code: String(error.code) }),
    ...(cause instanceof Error && { cause: serializeError(cause) as SerializedError }),
  };
}
