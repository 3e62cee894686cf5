import { abortReason, throwIfAborted } from './abort.ts';

/** The error that a timeout rejects with. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/** The longest delay that a timer supports, in milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Runs work with a timeout. It rejects on time even if the work ignores its signal. It does not combine signals with
 * `AbortSignal.any`, because some runtimes hold combined signals only weakly and lose them to garbage collection.
 *
 * @throws {TimeoutError} after `milliseconds`; the reason of `signal` when it is aborted
 */
export function withTimeout<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  milliseconds: number,
  signal: AbortSignal,
): Promise<Result> {
  throwIfAborted(signal);
  const controller = new AbortController();
  return new Promise<Result>((resolve, reject) => {
    const cleanUp = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    const fail = (reason: Error) => {
      cleanUp();
      controller.abort(reason);
      reject(reason);
    };
    const onAbort = () => {
      fail(abortReason(signal));
    };
    const onTimeout = () => {
      fail(new TimeoutError(`Timed out after ${milliseconds} ms`));
    };
    const timer = setTimeout(onTimeout, Math.min(milliseconds, MAX_TIMER_MS));
    signal.addEventListener('abort', onAbort);
    void work(controller.signal).then(resolve, reject).finally(cleanUp);
  });
}
