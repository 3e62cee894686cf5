import type { ErrorRequestHandler, Request } from 'express';
import type { OutgoingHttpHeaders } from 'node:http';
import type { Logger } from 'pino';
import type { components } from '../../generated/types.ts';
import { Problem } from '../errors/problem.ts';
import { problemTypes } from './problem-types.ts';
import './request.ts';
import { send } from './response.ts';

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
 * (status 500 and above). An error that is not a `Problem`, such as a response that the contract does not allow, becomes an
 * internal-error; so does one whose status the contract does not document for the operation.
 */
export function sendProblem(log: Logger): ErrorRequestHandler {
  // Express recognises an error handler by its four parameters.
  return (error: unknown, request, response, _next) => {
    const problem = toDocumentedProblem(error, request);
    request.problem = problem;
    const { status } = problemTypes[problem.code];
    // If the client has closed the connection, the work ends with `unavailable`.
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

function toDocumentedProblem(error: unknown, { operation }: Request): Problem {
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
