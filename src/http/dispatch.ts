import type { RequestHandler, Response } from 'express';
import type { OpenAPIBackend } from 'openapi-backend';
import type { Caller } from '../auth/caller.ts';
import { matchOf } from './match.ts';
import { Problem } from '../errors/problem.ts';
import { queryErrors } from './query.ts';
import { validationError } from './validation-errors.ts';

interface UntypedRequest {
  path: string;
  params: Record<string, string>;
  query: Record<string, unknown>;
  headers: Record<string, string | undefined>;
  body: unknown;
}
interface UntypedResponse {
  status: number;
  headers: Record<string, string>;
  body?: unknown;
}
/** The handler of any operation. The caller is null for operations without `bearerAuth`. */
export type OperationHandler = (
  request: UntypedRequest,
  caller: Caller | null,
) => Promise<UntypedResponse>;

/**
 * Runs the handler of the matched operation and sends its response, which the validator checks before it is sent.
 *
 * @param handlers by operationId
 * @throws when an operation has no handler, or a handler has no operation
 */
export function dispatch(
  backend: OpenAPIBackend,
  handlers: Readonly<Record<string, OperationHandler>>,
): RequestHandler {
  const operations = new Map(
    Object.entries(handlers).map(([id, handler]) => [id, toOperation(backend, id, handler)]),
  );
  for (const { operationId = '' } of backend.getOperations()) {
    if (!operations.has(operationId)) throw new Error(`${operationId} has no handler`);
  }

  return async (request, response) => {
    const match = matchOf(request);
    const operation = match && operations.get(match.schema.operationId);
    if (!operation) throw new Problem('not-found');
    const errors = queryErrors(request);
    if (errors.length > 0) throw validationError(errors);
    const result = await operation.handler(
      {
        path: request.path,
        params: match.pathParams,
        query: request.query,
        headers: Object.fromEntries(operation.headerNames.map((name) => [name, request.get(name)])),
        body: request.body,
      },
      request.caller ?? null,
    );
    send(response, operation, result);
  };
}

/** An operation with its handler and what the contract says about it. */
interface Operation {
  readonly operationId: string;
  readonly handler: OperationHandler;
  /** The header parameters, in the contract's spelling; Node.js has them in lower case. */
  readonly headerNames: readonly string[];
  readonly responses: Readonly<Record<string, object>>;
}

function toOperation(
  backend: OpenAPIBackend,
  operationId: string,
  handler: OperationHandler,
): Operation {
  const operation = backend.getOperation(operationId);
  if (!operation) throw new Error(`The contract has no operation ${operationId}`);
  const { parameters = [], responses = {} } = operation;
  return {
    operationId,
    handler,
    headerNames: (parameters as { name: string; in: string }[])
      .filter((parameter) => parameter.in === 'header')
      .map(({ name }) => name),
    responses,
  };
}

function send(
  response: Response,
  operation: Operation,
  { status, headers, body }: UntypedResponse,
): void {
  const { operationId, responses } = operation;
  // The validator does not check the bodies of error responses.
  if (status >= 400)
    throw new Error(`${operationId} returned ${status}; errors must be thrown as a Problem`);
  response.status(status).set(headers);
  if (body !== undefined) {
    response.json(body);
    return;
  }
  // Nor does it check responses without a body.
  const documented = responses[status];
  if (!documented || 'content' in documented) {
    throw new Error(
      `${operationId} returned ${status} without a body, which the contract does not allow`,
    );
  }
  response.end();
}
