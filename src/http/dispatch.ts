import type { RequestHandler, Response } from 'express';
import type { Document, OpenAPIBackend, Operation } from 'openapi-backend';
import type { Caller } from '../auth/caller.ts';
import type { Services } from '../operations/services.ts';
import { matchOf } from './match.ts';
import { Problem } from './problem.ts';
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
type AnyHandler = (
  request: AnyRequest,
  caller: Caller | null,
  services: Services,
) => Promise<AnyReply>;

/** Runs the handler of the operation that the validator matched. What it replies is validated on its way out. */
export function dispatch(backend: OpenAPIBackend, services: Services): RequestHandler {
  const operations = new Map(
    backend.getOperations().map((it) => [it.operationId, toOperation(backend, it)]),
  );

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
      services,
    );
    send(response, operation, reply);
  };
}

/** What has to be known of an operation to run it. */
interface Runnable {
  readonly operationId: string | undefined;
  readonly handler: AnyHandler;
  /** As the contract spells them; Node knows them in lower case. */
  readonly headerNames: readonly string[];
  readonly responses: Readonly<Record<string, object>>;
}

function toOperation(
  { handlers }: OpenAPIBackend,
  { operationId, parameters = [], responses = {} }: Operation<Document>,
): Runnable {
  return {
    operationId,
    handler: handlers[operationId ?? ''] as unknown as AnyHandler,
    headerNames: (parameters as { name: string; in: string }[])
      .filter((parameter) => parameter.in === 'header')
      .map(({ name }) => name),
    responses,
  };
}

function send(response: Response, operation: Runnable, { status, headers, body }: AnyReply): void {
  const { operationId = '', responses } = operation;
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
