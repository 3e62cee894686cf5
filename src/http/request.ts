import type { Caller } from '../auth/caller.ts';

/** The properties that the HTTP pipeline adds to Express's request. */
declare module 'express-serve-static-core' {
  interface Request {
    /** The request id, included in every log line of the request. */
    id: string;
    /** The authenticated caller; undefined for operations without `bearerAuth`. */
    caller?: Caller;
    /** The error of a failed authentication. */
    authenticationError?: unknown;
  }
}
