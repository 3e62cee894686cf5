import type { Caller } from '../auth/caller.ts';
import type { Problem } from './problem.ts';

/** What the pipeline finds out about a request on its way. */
declare module 'express-serve-static-core' {
  interface Request {
    /** Finds the request in the log. */
    id: string;
    /** Who is calling, or why nobody is; the contract decides later whether it matters. */
    authentication?: Caller | Problem;
  }
}
