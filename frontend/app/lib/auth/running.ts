import type { Auth } from '../auth.ts';
import type { LimitWait } from './database-wait.ts';

/** Better Auth and its database connection, after startup. */
export interface Running {
  readonly auth: Auth;
  readonly limitWait: LimitWait;
  /** Rejects if the database does not respond in time. */
  readonly ping: () => Promise<void>;
  /** Closes the connections. */
  readonly stop: () => Promise<void>;
}

const KEY = Symbol.for('tasks-api.auth');
/** A global, because pages, routes and the proxy are separate bundles with their own module instances. */
const holder = globalThis as { [KEY]?: Running };

/** Makes the running instance available to pages, routes and the proxy. */
export function provideAuth(running: Running): void {
  holder[KEY] = running;
}

/** The Better Auth of this process. It is started before the first request. */
export function runningAuth(): Auth {
  return running().auth;
}

/** Runs the work of a request, which waits for the database for at most five seconds in total. */
export const limitDatabaseWait: LimitWait = (work, wait) => running().limitWait(work, wait);

/**
 * Checks that the database responds.
 *
 * @throws if it does not respond in time
 */
export function pingDatabase(): Promise<void> {
  return limitDatabaseWait(running().ping);
}

export function isDatabaseReachable(): Promise<boolean> {
  return pingDatabase().then(
    () => true,
    () => false,
  );
}

function running(): Running {
  const found = holder[KEY];
  if (!found) throw new Error('Better Auth is not running; instrumentation.ts has to start it');
  return found;
}
