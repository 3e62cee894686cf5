import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { parse as parseQuery } from 'node:querystring';
import type { Caller } from '../auth/caller.ts';
import { throwIfClientLeft } from '../deadlines/request-deadline.ts';
import { Problem } from '../errors/problem.ts';
import type { RateLimits } from '../rate-limits/rate-limits.ts';
import type { ContractRequest } from '../validation/request-check.ts';
import type { DocumentedOperation } from '../validation/contract-validator.ts';
import { serializeInTurns } from '../validation/long-response.ts';
import { authenticateWithin } from './rate-limited-authentication.ts';
import { readBody } from './body.ts';
import './request.ts';
import { sendJson } from './response.ts';
import { createRouter } from './router.ts';

interface UntypedRequest {
  path: string;
  params: Record<string, string>;
  query: Record<string, unknown>;
  headers: Record<string, unknown>;
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

/** The plan of an operation: everything that depends only on the contract. It is made at the start. */
export interface Operation extends DocumentedOperation {
  readonly handler: OperationHandler;
}

/**
 * Adds the handlers to the operations.
 *
 * @param handlers by operationId
 * @throws when an operation has no handler, or a handler has no operation
 */
export function addHandlers(
  documented: readonly DocumentedOperation[],
  handlers: Readonly<Record<string, OperationHandler>>,
): readonly Operation[] {
  const ids = new Set(documented.map(({ id }) => id));
  for (const id of Object.keys(handlers)) {
    if (!ids.has(id)) throw new Error(`The contract has no operation ${id}`);
  }
  return documented.map((operation) => {
    const handler = handlers[operation.id];
    if (!handler) throw new Error(`${operation.id} has no handler`);
    return { ...operation, handler };
  });
}

/**
 * Runs the operation of a request: this is the path of every request, from routing to the response. A request for a path
 * that the contract does not have is passed on.
 *
 * @throws {Problem} see the contract's table of error codes
 */
export function runOperations(
  operations: readonly Operation[],
  rateLimits: RateLimits,
): RequestHandler {
  const route = createRouter(operations);
  const authenticate = authenticateWithin(rateLimits);
  return async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    const { url, method, headers } = request;
    const { path, search } = splitUrl(url);
    const match = route(path);
    if (!match) {
      next();
      return;
    }
    const operation = match.route.operations.get(method);
    if (!operation) throw new Problem('method-not-allowed', { allow: match.route.allow });
    request.operation = operation;

    const caller = await authenticate(operation, request, response);
    request.caller = caller;

    const body = await readBody(request, response, operation.mediaTypes);
    const sent: ContractRequest = {
      mediaType: body?.mediaType,
      headers,
      params: match.params,
      query: parseQuery(search),
      body: body?.value,
    };
    operation.validateRequest(sent);

    const { params, query } = sent;
    const named: Record<string, unknown> = {};
    for (const [name, key] of operation.headerNames) named[name] = headers[key];
    const result = await operation.handler(
      {
        path: request.publicPrefix + path,
        params,
        query,
        headers: named,
        body: sent.body,
      },
      caller,
    );

    throwIfClientLeft();
    const { status } = result;
    // A response that is not in the contract becomes a 500: what these throw is not a Problem; see problem-response.ts.
    const long = operation.divideResponse(status, result.body);
    if (!long) operation.validateResponse(status, result.body);
    const content =
      long &&
      (await serializeInTurns(long, (part) => {
        throwIfClientLeft();
        operation.validateResponse(status, part);
      }));
    await sendJson(request, response, status, result.headers, content ?? result.body);
  };
}

function splitUrl(url: string): { path: string; search: string } {
  const end = url.indexOf('?');
  return end === -1
    ? { path: url, search: '' }
    : { path: url.slice(0, end), search: url.slice(end + 1) };
}
