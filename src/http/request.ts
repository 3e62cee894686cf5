import type { Caller } from '../auth/caller.ts';

/** What the pipeline finds out about a request on its way. */
declare module 'express-serve-static-core' {
  interface Request {
    /** Finds the request in the log. */
    id: string;
    /** Finds out who is calling; asked by the operations that want to know. */
    authenticate: () => Promise<Caller>;
    /** Who is calling, once that was found out. */
    caller?: Caller;
    /** Why nobody is, once that was found out. */
    refusal?: unknown;
  }
}
