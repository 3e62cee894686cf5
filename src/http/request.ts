import type { OutgoingHttpHeaders } from 'node:http';
import type { Caller } from '../auth/caller.ts';
import type { Problem } from '../errors/problem.ts';
import type { Operation } from './operation.ts';

/** The properties that the HTTP pipeline adds to Express's request and response. */
declare module 'express-serve-static-core' {
  interface Request {
    /** The request id, included in every log line of the request. */
    id: string;
    /** The path in front of the service's own paths in the URLs that clients use, such as `/todo`; usually empty. */
    publicPrefix: string;
    /** The operation of the contract; undefined until routing has found it. */
    operation?: Operation;
    /** The authenticated caller; null for operations without `bearerAuth`, undefined before authentication. */
    caller?: Caller | null;
    /** The problem of an error response. */
    problem?: Problem;
  }
  interface Response {
    /** The headers that all responses have, unless a response overrides them. */
    commonHeaders: Readonly<OutgoingHttpHeaders>;
    /** The header fields of the rate limit that applies to the request. */
    rateLimitHeaders?: Readonly<OutgoingHttpHeaders>;
  }
}
