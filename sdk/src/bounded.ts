/** What a piece of work ends with that takes too long. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/** The longest that a timer can wait, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

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
  return new Promise<Result>((resolve, reject) => {
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    const end = (reason: Error) => {
      finish();
      controller.abort(reason);
      reject(reason);
    };
    const abort = () => {
      end(signal.reason as Error);
    };
    const late = () => {
      end(new TimeoutError(`Not within ${milliseconds} ms`));
    };
    const timer = setTimeout(late, Math.min(milliseconds, LONGEST_TIMER));
    signal.addEventListener('abort', abort);
    void work(controller.signal).then(resolve, reject).finally(finish);
  });
}
