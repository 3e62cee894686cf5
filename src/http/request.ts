import type { Caller } from '../auth/caller.ts';

/** What the pipeline adds to a request. */
declare module 'express-serve-static-core' {
  interface Request {
    /** The request id, which every log line of the request carries. */
    id: string;
    /** The authenticated caller; absent in operations without `bearerAuth`. */
    caller?: Caller;
    /** Why authentication failed. */
    refusal?: unknown;
  }
}
