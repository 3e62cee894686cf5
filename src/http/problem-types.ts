import type { ProblemCode } from '../errors/problem.ts';

interface ProblemType {
  status: number;
  title: string;
  /** The default for a problem without its own detail. */
  detail: string;
}

/** The HTTP status, title and default detail of each error code. */
export const problemTypes: Record<ProblemCode, ProblemType> = {
  'malformed-request': {
    status: 400,
    title: 'Malformed request',
    detail: 'The request is malformed',
  },
  'not-authenticated': {
    status: 401,
    title: 'Not authenticated',
    detail: 'Send a bearer token in the Authorization header',
  },
  'invalid-token': { status: 401, title: 'Invalid token', detail: 'Invalid token' },
  'token-expired': { status: 401, title: 'Token expired', detail: 'Token expired' },
  'access-forbidden': {
    status: 403,
    title: 'Access forbidden',
    detail: 'The user in the path is not the caller',
  },
  'not-found': { status: 404, title: 'Not found', detail: 'Not found' },
  'method-not-allowed': {
    status: 405,
    title: 'Method not allowed',
    detail: 'This path does not support the method',
  },
  'precondition-failed': {
    status: 412,
    title: 'Precondition failed',
    detail: 'The task has changed',
  },
  'body-too-large': { status: 413, title: 'Body too large', detail: 'The body is too large' },
  'unsupported-media-type': {
    status: 415,
    title: 'Unsupported media type',
    detail: 'Send application/json in UTF-8 without content encoding',
  },
  'validation-error': {
    status: 422,
    title: 'Validation error',
    detail: 'The request is invalid',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'Idempotency key reused',
    detail: 'The idempotency key was already used with a different body',
  },
  'invalid-cursor': {
    status: 422,
    title: 'Invalid cursor',
    detail: 'The cursor does not belong to this list',
  },
  'rate-limited': {
    status: 429,
    title: 'Too many requests',
    detail: 'Too many requests; retry after the number of seconds in Retry-After',
  },
  'internal-error': {
    status: 500,
    title: 'Internal error',
    detail: 'An internal error occurred',
  },
  unavailable: {
    status: 503,
    title: 'Service unavailable',
    detail: 'The service is temporarily unavailable',
  },
};
