import type { Request, RequestHandler, Response } from 'express';
import type { Document, OpenAPIBackend, Operation } from 'openapi-backend';
import type { Caller } from '../auth/caller.ts';
import type { Services } from '../services.ts';
import { Problem } from './problem.ts';
import { validationError } from './validation-errors.ts';

/** The operation that the validator matched. */
export interface MatchedOperation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, object>>;
}

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

/** What the validator attaches to a request that matches an operation. */
interface Match {
  readonly schema: MatchedOperation;
  readonly pathParams: Record<string, string>;
}

function matchOf(request: Request): Match | undefined {
  return (request as { openapi?: Match }).openapi;
}

/** The operation that the validator matched for a request; undefined before that, and when there is none. */
export function matchedOperation(request: Request): MatchedOperation | undefined {
  return matchOf(request)?.schema;
}

/** Runs the handler of the operation that the validator matched. What it replies is validated on its way out. */
export function dispatch(backend: OpenAPIBackend, services: Services): RequestHandler {
  const operations = new Map(
    backend.getOperations().map((it) => [it.operationId, toOperation(backend, it)]),
  );

  return async (request, response) => {
    const match = matchOf(request);
    const operation = match && operations.get(match.schema.operationId);
    if (!operation) throw new Problem('not-found');
    checkNumbers(request);
    const { authentication } = request;
    const caller = authentication instanceof Problem ? null : (authentication ?? null);
    const reply = await operation.handler(
      {
        path: request.path,
        params: match.pathParams,
        query: request.query,
        headers: Object.fromEntries(operation.headerNames.map((name) => [name, request.get(name)])),
        body: request.body,
      },
      caller,
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

/**
 * Query parameters come as text, and the validator takes for a number whatever JavaScript does: `1e1`, `0x10`, ` 1`, `Infinity`.
 *
 * @throws {Problem} validation-error
 */
function checkNumbers(request: Request): void {
  for (const [name, value] of Object.entries(request.query as Record<string, unknown>)) {
    if (typeof value !== 'number') continue;
    const written = new URL(request.url, 'http://localhost').searchParams.get(name);
    if (written !== null && (!Number.isFinite(value) || written !== String(value))) {
      throw validationError([{ in: 'query', name, detail: 'must be written in decimal digits' }]);
    }
  }
}

function send(response: Response, operation: Runnable, { status, headers, body }: AnyReply): void {
  response.status(status).set(headers);
  if (body !== undefined) {
    response.json(body);
    return;
  }
  // The validator looks at bodies only.
  const documented = operation.responses[status];
  if (!documented || 'content' in documented) {
    throw new Error(
      `${operation.operationId ?? ''} answered ${status} without a body, which is not in the contract`,
    );
  }
  response.end();
}
