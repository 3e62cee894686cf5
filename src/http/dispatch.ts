import type { RequestHandler, Response } from 'express';
import type { OpenAPIBackend } from 'openapi-backend';
import type { Caller } from '../auth/caller.ts';
import { matchOf } from './match.ts';
import { Problem } from '../errors/problem.ts';
import { queryErrors } from './query.ts';
import { validationError } from './validation-errors.ts';

interface AnyRequest {
  path: string;
  params: Record<string, string>;
  query: Record<string, unknown>;
  headers: Record<string, string | undefined>;
  body: unknown;
}
interface AnyReply {
  status: number;
  headers: Record<string, string>;
  body?: unknown;
}
/** An operation's handler. The caller is null in operations without `bearerAuth`. */
export type OperationHandler = (request: AnyRequest, caller: Caller | null) => Promise<AnyReply>;

/**
 * Runs the handler of the operation that the validator matched, and sends its response, which the validator checks.
 *
 * @param handlers by operationId
 * @throws when an operation has no handler, or a handler no operation
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
    const reply = await operation.handler(
      {
        path: request.path,
        params: match.pathParams,
        query: request.query,
        headers: Object.fromEntries(operation.headerNames.map((name) => [name, request.get(name)])),
        body: request.body,
      },
      request.caller ?? null,
    );
    send(response, operation, reply);
  };
}

/** What has to be known of an operation to run it. */
interface Runnable {
  readonly operationId: string;
  readonly handler: OperationHandler;
  /** As the contract spells them; Node knows them in lower case. */
  readonly headerNames: readonly string[];
  readonly responses: Readonly<Record<string, object>>;
}

function toOperation(
  backend: OpenAPIBackend,
  operationId: string,
  handler: OperationHandler,
): Runnable {
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

function send(response: Response, operation: Runnable, { status, headers, body }: AnyReply): void {
  const { operationId, responses } = operation;
  // The validator does not look at the bodies of faults.
  if (status >= 400) throw new Error(`${operationId} answered ${status}: problems are thrown`);
  response.status(status).set(headers);
  if (body !== undefined) {
    response.json(body);
    return;
  }
  // Nor at anything without a body.
  const documented = responses[status];
  if (!documented || 'content' in documented) {
    throw new Error(
      `${operationId} answered ${status} without a body, which is not in the contract`,
    );
  }
  response.end();
}
