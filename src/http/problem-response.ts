import type { ErrorRequestHandler, Request } from 'express';
import type { OutgoingHttpHeaders } from 'node:http';
import type { Logger } from 'pino';
import type { components } from '../../generated/types.ts';
import { Problem, type ProblemCode } from '../errors/problem.ts';
import './request.ts';
import { send } from './response.ts';

interface ProblemType {
  status: number;
  title: string;
  /** The default for a problem without its own detail. */
  detail: string;
}

/** The HTTP status, title and default detail of each error code. */
const problemTypes: Record<ProblemCode, ProblemType> = {
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

/** The default of `Retry-After` for status 503. */
const RETRY_AFTER_SECONDS = 5;

/** Creates the response body of a problem (RFC 9457). */
export function problemBody(problem: Problem, requestId: string): components['schemas']['Problem'] {
  const { status, title, detail } = problemTypes[problem.code];
  return {
    type: `urn:tasks-api:problem:${problem.code}`,
    title,
    status,
    detail: problem.detail ?? detail,
    code: problem.code,
    request_id: requestId,
    ...(problem.errors && { errors: problem.errors }),
  };
}

/**
 * Creates the error handler: sends any error of the pipeline as `application/problem+json`, and logs errors of the server
 * (status 500 and above). An error whose status the contract does not document for the operation becomes an internal-error.
 */
export function sendProblem(log: Logger): ErrorRequestHandler {
  // Express recognises an error handler by its four parameters.
  return (error: unknown, request, response, _next) => {
    const problem = documented(error, request);
    request.problem = problem;
    const { status } = problemTypes[problem.code];
    // The work for a client that has left ends as unavailable.
    if (status === 503 && response.destroyed) return;
    if (status >= 500) {
      log[status === 500 ? 'error' : 'warn'](
        { request_id: request.id, err: problem.cause ?? problem },
        problem.code,
      );
    }
    if (response.headersSent) {
      request.socket.destroy();
      return;
    }
    const body = JSON.stringify(problemBody(problem, request.id));
    send(request, response, status, headersOf(problem), body);
  };
}

function documented(error: unknown, { operation }: Request): Problem {
  if (!(error instanceof Problem)) return new Problem('internal-error', { cause: error });
  const isDocumented = operation?.statuses.has(problemTypes[error.code].status) ?? true;
  return isDocumented ? error : new Problem('internal-error', { cause: error });
}

/** The headers of the response to a problem. */
export function headersOf({ code, allow, retryAfter }: Problem): OutgoingHttpHeaders {
  const { status, title } = problemTypes[code];
  const retryAfterSeconds = retryAfter ?? (status === 503 ? RETRY_AFTER_SECONDS : undefined);
  return {
    'Content-Type': 'application/problem+json',
    ...(status === 401 && {
      'WWW-Authenticate':
        code === 'not-authenticated'
          ? 'Bearer'
          : `Bearer error="invalid_token", error_description="${title}"`,
    }),
    ...(retryAfterSeconds !== undefined && { 'Retry-After': retryAfterSeconds }),
    ...(allow !== undefined && { Allow: allow }),
  };
}
