import { AsyncLocalStorage } from 'node:async_hooks';
import type { ServerResponse } from 'node:http';
import { Problem } from '../errors/problem.ts';

/** The maximum duration of a request, from its arrival. The timeout of the SDK is 10 s. */
const REQUEST_MS = 8_000;

/** The maximum duration of a statement, after it was sent. A request must send its last statement this long before its deadline. */
export const STATEMENT_MS = 5_000;

interface Deadline {
  /** The end of all waits of the request (for the JWKS, its turn, a connection), as a time of `performance.now()`. */
  waitUntil: number;
  /** Called when the client closes the connection. */
  readonly onLeave: Set<() => void>;
  readonly response: ServerResponse;
}

const CLIENT_LEFT = -Infinity;

/** Makes the deadline of the current request available to async functions, without passing it through all of them. */
const storage = new AsyncLocalStorage<Deadline | undefined>();

/**
 * Starts the deadline of a request: all that `run` does and waits for shares it. Time that is spent in one place is not
 * available to the next. If the client closes the connection before it has its response, the deadline has passed.
 */
export function withDeadline<T>(response: ServerResponse, run: () => T): T {
  const deadline: Deadline = {
    waitUntil: performance.now() + REQUEST_MS - STATEMENT_MS,
    onLeave: new Set(),
    response,
  };
  response.once('close', () => {
    deadline.waitUntil = CLIENT_LEFT;
    for (const leave of deadline.onLeave) leave();
  });
  return storage.run(deadline, run);
}

/** Runs work that several requests share, without the deadline of the request that started it. */
export function withoutDeadline<T>(run: () => T): T {
  return storage.run(undefined, run);
}

/** Moves the deadline of the request. The time that the client takes to send the body does not count. */
export function extendDeadline(ms: number): void {
  const deadline = storage.getStore();
  if (deadline) deadline.waitUntil += ms;
}

/** @throws {Problem} unavailable, when the deadline of the request has passed */
export function throwIfGivenUp(): void {
  const deadline = storage.getStore();
  if (deadline && performance.now() >= deadline.waitUntil) throw passed(deadline);
}

/** @throws {Problem} unavailable, when the client has closed the connection and cannot receive the response */
export function throwIfClientLeft(): void {
  const deadline = storage.getStore();
  if (deadline?.waitUntil === CLIENT_LEFT) throw passed(deadline);
}

/**
 * Calls a function once when it is time to give up: after a time, at the deadline of the request, or when its client leaves.
 *
 * @param maxMs milliseconds; without it, only the deadline counts
 * @returns a function that cancels this, to call when the wait ends earlier
 */
export function onGivenUp(callback: (problem: Problem) => void, maxMs = Infinity): () => void {
  const deadline = storage.getStore();
  const restMs = deadline ? Math.max(0, deadline.waitUntil - performance.now()) : Infinity;
  let timer: NodeJS.Timeout | undefined;
  const stop = () => {
    clearTimeout(timer);
    deadline?.onLeave.delete(giveUp);
  };
  const giveUp = () => {
    stop();
    const isOwnLimit = maxMs < restMs && deadline?.waitUntil !== CLIENT_LEFT;
    callback(deadline && !isOwnLimit ? passed(deadline) : givenUp(`timed out after ${maxMs} ms`));
  };
  const ms = Math.min(maxMs, restMs);
  if (ms < Infinity) timer = setTimeout(giveUp, ms);
  deadline?.onLeave.add(giveUp);
  return stop;
}

/**
 * Waits for a promise until it is time to give up; see `onGivenUp`. The work behind the promise continues.
 *
 * @throws {Problem} unavailable
 */
export async function untilGivenUp<T>(promise: Promise<T>, maxMs?: number): Promise<T> {
  const { promise: givenUp, reject } = Promise.withResolvers<never>();
  const stop = onGivenUp(reject, maxMs);
  try {
    return await Promise.race([promise, givenUp]);
  } finally {
    stop();
  }
}

/**
 * Waits like `untilGivenUp`, for the response of another server. The load limit (`server/load-limit.ts`) does not count the request
 * as in progress during this time: the service does not work on it.
 *
 * @throws {Problem} unavailable
 */
export async function whileIdle<T>(promise: Promise<T>): Promise<T> {
  const response = storage.getStore()?.response;
  response?.emit('waiting');
  try {
    return await untilGivenUp(promise);
  } finally {
    response?.emit('working');
  }
}

function passed({ waitUntil }: Deadline): Problem {
  return givenUp(
    waitUntil === CLIENT_LEFT
      ? 'the client has closed its connection'
      : 'the deadline of the request has passed',
  );
}

function givenUp(reason: string): Problem {
  return new Problem('unavailable', { cause: new Error(reason) });
}
