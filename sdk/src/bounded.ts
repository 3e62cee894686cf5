/** What a piece of work ends with that takes too long. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/**
 * Ends work that takes too long, or that is aborted, whether or not it heeds its signal: signals that follow others are
 * held weakly by some run-times, and get lost.
 *
 * @throws {TimeoutError} after the milliseconds; the signal's reason when it is aborted
 */
export function bounded<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  milliseconds: number,
  signal: AbortSignal,
): Promise<Result> {
  signal.throwIfAborted();
  const controller = new AbortController();
  return new Promise((resolve, reject) => {
    const end = (reason: Error) => {
      controller.abort(reason);
      reject(reason);
    };
    const abort = () => {
      end(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      end(new TimeoutError(`No reply within ${milliseconds} ms`));
    }, milliseconds);
    signal.addEventListener('abort', abort);
    void work(controller.signal)
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
      });
  });
}
