/** How long requests may compute in one turn of the event loop, in milliseconds. */
const TURN_MS = 2;
/** In how many turns in a row nothing but connections is accepted. */
const MAX_ACCEPTING = 16;

/** What waits for a later turn, in order. */
const waiting: (() => void)[] = [];
/** When the time of this turn is used up; 0 before anything has run in it. */
let endOfTurn = 0;
/** Whether a connection has been accepted in this turn. */
let hasAccepted = false;
/** The number of turns in which only connections were accepted. */
let accepting = 0;

/**
 * Waits for a turn of the event loop that has time for a part of a request. Node.js accepts one connection in each turn. Without
 * short turns, new connections would wait in the operating system while the service is overloaded, where their requests cannot
 * be rejected.
 *
 * @returns undefined if this turn has time
 */
export function untilTurn(): Promise<void> | undefined {
  if (waiting.length === 0 && hasTime()) return undefined;
  return new Promise((resolve) => {
    waiting.push(resolve);
  });
}

/** Uses up the time of this turn and the next, because a connection has been accepted: more may be waiting. */
export function noteConnection(): void {
  hasAccepted = true;
  if (endOfTurn === 0) setImmediate(nextTurn);
  endOfTurn = -1;
}

function hasTime(): boolean {
  const now = performance.now();
  if (endOfTurn === 0) {
    endOfTurn = now + TURN_MS;
    setImmediate(nextTurn);
  }
  return now < endOfTurn;
}

function nextTurn(): void {
  if (hasAccepted && accepting < MAX_ACCEPTING) {
    accepting++;
    hasAccepted = false;
    endOfTurn = -1;
    setImmediate(nextTurn);
    return;
  }
  accepting = 0;
  hasAccepted = false;
  endOfTurn = 0;
  runNext();
}

function runNext(): void {
  if (waiting.length === 0 || !hasTime()) return;
  waiting.shift()?.();
  // After what continues now.
  queueMicrotask(runNext);
}
