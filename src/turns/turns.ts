/** How long parts of requests may compute in one turn of the event loop, in milliseconds. */
const TURN_MS = 8;
/** How long parts of requests wait while connections are accepted, in milliseconds. */
const ACCEPT_MS = 24;

/** What waits for a later turn, by client. The clients take turns, in this order. */
const waiting = new Map<string, (() => void)[]>();
/** When the time of this turn is used up; 0 before anything has run in it. */
let endOfTurn = 0;
/** Whether a connection has been accepted in this turn. */
let hasAccepted = false;
/** When parts that have waited were last run, or else the begin of this turn. */
let lastPart = 0;

/**
 * Waits for a turn of the event loop that has time for a part of a request. The parts of a client wait behind each other, and not
 * behind all parts of another client. The database has a queue of its own, in db/execution/fair-queue.ts.
 *
 * Node.js accepts one connection in each turn. Without short turns, new connections would wait in the operating system while the
 * service is overloaded, where their requests cannot be rejected.
 *
 * @param client a user, or the network of a client that is not authenticated yet
 * @returns undefined if this turn has time
 */
export function untilTurn(client: string): Promise<void> | undefined {
  if (waiting.size === 0 && hasTime()) return undefined;
  return new Promise((resolve) => {
    const parts = waiting.get(client);
    if (parts) parts.push(resolve);
    else waiting.set(client, [resolve]);
  });
}

/** Uses up the time of this turn and the next, because a connection has been accepted: more may be waiting. */
export function noteConnection(): void {
  hasAccepted = true;
  if (endOfTurn === 0) beginTurn();
  endOfTurn = lastPart;
}

function hasTime(): boolean {
  return (endOfTurn === 0 ? beginTurn() : performance.now()) < endOfTurn;
}

function beginTurn(): number {
  lastPart = performance.now();
  endOfTurn = lastPart + TURN_MS;
  setImmediate(nextTurn);
  return lastPart;
}

function nextTurn(): void {
  const now = performance.now();
  const hasMore = hasAccepted && now - lastPart < ACCEPT_MS;
  hasAccepted = false;
  endOfTurn = 0;
  if (waiting.size === 0) return;
  setImmediate(nextTurn);
  // At least half of the time, or else reading and rejecting many requests would leave none to those that were accepted.
  endOfTurn = hasMore ? now : now + Math.max(TURN_MS, now - lastPart);
  if (!hasMore) runNext();
}

function runNext(): void {
  lastPart = performance.now();
  const [next] = waiting;
  if (!next || lastPart >= endOfTurn) return;
  const [client, parts] = next;
  waiting.delete(client);
  parts.shift()?.();
  if (parts.length > 0) waiting.set(client, parts);
  // After all that continues now. Called directly, process.nextTick would call it before.
  queueMicrotask(scheduleNext);
}

function scheduleNext(): void {
  process.nextTick(runNext);
}
