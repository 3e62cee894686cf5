import type { Auth } from '../auth.ts';

/** Better Auth with its database, once it is started. */
export interface Running {
  readonly auth: Auth;
  /** Rejects when the database does not answer in time. */
  readonly ping: () => Promise<void>;
  /** Ends the connections. */
  readonly stop: () => Promise<void>;
}

const KEY = Symbol.for('tasks-api.auth');
/** Pages, routes and the proxy are bundles with modules of their own, in one process. */
const holder = globalThis as { [KEY]?: Running };

/** Makes what has been started known to pages and routes. */
export function provideAuth(running: Running): void {
  holder[KEY] = running;
}

/** The Better Auth of this process, which is there before the first request. */
export function runningAuth(): Auth {
  return running().auth;
}

/**
 * Whether the database answers.
 *
 * @throws when it does not in time
 */
export async function pingDatabase(): Promise<void> {
  await running().ping();
}

function running(): Running {
  const found = holder[KEY];
  if (!found) throw new Error('Better Auth has not been started; instrumentation.ts does that');
  return found;
}
