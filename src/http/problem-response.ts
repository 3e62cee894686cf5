import type { ErrorRequestHandler, Request, Response } from 'express';
import { error as validator } from 'express-openapi-validator';
import type { OpenAPIBackend } from 'openapi-backend';
import type { Logger } from 'pino';
import type { components } from '../../generated/types.ts';
import { matchedOperation } from './match.ts';
import { Problem, type ProblemCode } from '../errors/problem.ts';
import './request.ts';
import { problemOfValidator } from './validation-errors.ts';

interface Kind {
  status: number;
  title: string;
  /** What the caller reads when the problem does not say more. */
  detail: string;
}

/** The contract's table of errors. */
const kinds: Record<ProblemCode, Kind> = {
  'malformed-request': {
    status: 400,
    title: 'Malformed request',
    detail: 'The request cannot be read',
  },
  'not-authenticated': { status: 401, title: 'Not authenticated', detail: 'Not authenticated' },
  'invalid-token': { status: 401, title: 'Invalid token', detail: 'Invalid token' },
  'token-expired': { status: 401, title: 'Token expired', detail: 'Token expired' },
  'access-forbidden': { status: 403, title: 'Access forbidden', detail: 'Access forbidden' },
  'not-found': { status: 404, title: 'Not found', detail: 'Not found' },
  'method-not-allowed': {
    status: 405,
    title: 'Method not allowed',
    detail: 'The path does not have this method',
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
    detail: 'The request is not valid',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'Idempotency key reused',
    detail: 'The idempotency key was used for another task',
  },
  'invalid-cursor': {
    status: 422,
    title: 'Invalid cursor',
    detail: 'The cursor does not belong to this list',
  },
  'internal-error': {
    status: 500,
    title: 'Internal error',
    detail: 'Something went wrong on our side',
  },
  unavailable: {
    status: 503,
    title: 'Service unavailable',
    detail: 'The service is not available at the moment',
  },
};

const RETRY_AFTER_SECONDS = '5';

/** The reply of a problem, as RFC 9457 wants it. */
export function problemBody(problem: Problem, requestId: string): components['schemas']['Problem'] {
  const { status, title, detail } = kinds[problem.code];
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

/** Turns whatever was thrown on the way of a request into its problem: the one place that knows the statuses of errors. */
export function replyProblem(log: Logger, backend: OpenAPIBackend): ErrorRequestHandler {
  const isDocumented = documentedStatuses(backend);
  // Express tells an error handler by its four parameters.
  return (error: unknown, request, response, _next) => {
    let problem = problemOf(error, request);
    if (!isDocumented(matchedOperation(request)?.operationId, kinds[problem.code].status)) {
      problem = new Problem('internal-error', { cause: problem });
    }
    const { status } = kinds[problem.code];
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
    // Said to HEAD as well, which gets no body.
    response.set('Content-Length', String(body.length));
    response.status(status).type('application/problem+json').end(body);
  };
}

function problemOf(error: unknown, request: Request): Problem {
  if (error instanceof Problem) return error;
  return problemOfValidator(error, request) ?? new Problem('internal-error', { cause: error });
}

/** Whether the contract documents a status for an operation; all statuses count where no operation matched. */
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
  const { status, title } = kinds[code];
  if (status === 401) {
    const cause =
      code === 'not-authenticated' ? '' : ` error="invalid_token", error_description="${title}"`;
    response.set('WWW-Authenticate', `Bearer${cause}`);
  }
  if (status === 503) response.set('Retry-After', RETRY_AFTER_SECONDS);
  if (error instanceof validator.MethodNotAllowed) response.set('Allow', allowedMethods(error));
}

/** The methods of a path: the contract's, and those that work wherever it can. */
export function allowedMethods({
  headers,
}: InstanceType<typeof validator.MethodNotAllowed>): string {
  const methods = (headers?.Allow ?? '').split(', ');
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
}
