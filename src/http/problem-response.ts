import type { ErrorRequestHandler, Request, Response } from 'express';
import { error as validator } from 'express-openapi-validator';
import type { OpenAPIBackend } from 'openapi-backend';
import type { Logger } from 'pino';
import type { components } from '../../generated/types.ts';
import { matchedOperation } from './match.ts';
import { Problem, type ProblemCode } from '../errors/problem.ts';
import './request.ts';
import { problemOfValidator } from './validation-errors.ts';

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

const RETRY_AFTER_SECONDS = '5';

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
export function sendProblem(log: Logger, backend: OpenAPIBackend): ErrorRequestHandler {
  const isDocumented = documentedStatuses(backend);
  // Express recognises an error handler by its four parameters.
  return (error: unknown, request, response, _next) => {
    let problem = problemOf(error, request);
    if (!isDocumented(matchedOperation(request)?.operationId, problemTypes[problem.code].status)) {
      problem = new Problem('internal-error', { cause: problem });
    }
    const { status } = problemTypes[problem.code];
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
    setHeaders(response, problem, error);
    const body = Buffer.from(JSON.stringify(problemBody(problem, request.id)));
    // Also set for HEAD, whose response has no body.
    response.set('Content-Length', String(body.length));
    response.status(status).type('application/problem+json').end(body);
  };
}

function problemOf(error: unknown, request: Request): Problem {
  if (error instanceof Problem) return error;
  return problemOfValidator(error, request) ?? new Problem('internal-error', { cause: error });
}

/** Returns whether the contract documents a status for an operation; always true if no operation matched. */
function documentedStatuses(
  backend: OpenAPIBackend,
): (operationId: string | undefined, status: number) => boolean {
  const responses = new Map(
    backend.getOperations().map(({ operationId, responses = {} }) => [operationId, responses]),
  );
  return (operationId, status) => {
    if (operationId === undefined) return true;
    return status in (responses.get(operationId) ?? {});
  };
}

function setHeaders(response: Response, { code }: Problem, error: unknown): void {
  for (const name of ['ETag', 'Location', 'Link']) response.removeHeader(name);
  response.set('Cache-Control', 'no-store');
  const { status, title } = problemTypes[code];
  if (status === 401) {
    const cause =
      code === 'not-authenticated' ? '' : ` error="invalid_token", error_description="${title}"`;
    response.set('WWW-Authenticate', `Bearer${cause}`);
  }
  if (status === 503) response.set('Retry-After', RETRY_AFTER_SECONDS);
  if (error instanceof validator.MethodNotAllowed) response.set('Allow', allowedMethods(error));
}

/** The value of `Allow`: the methods of the contract, and those that the pipeline adds (HEAD, OPTIONS). */
export function allowedMethods({
  headers,
}: InstanceType<typeof validator.MethodNotAllowed>): string {
  const methods = (headers?.Allow ?? '').split(', ');
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
}
