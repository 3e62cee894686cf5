import { middleware } from 'express-openapi-validator';
import type { IncomingHttpHeaders } from 'node:http';
import type { Document } from 'openapi-backend';
import type { Authenticate } from '../auth/authenticator.ts';
import type { Caller } from '../auth/caller.ts';
import { Problem } from '../errors/problem.ts';
import { divide, findLists, type Lists, type LongBody, type Schema } from './long-response.ts';
import { queryErrors } from './query.ts';
import { toProblem } from './validation-errors.ts';

type Options = Parameters<typeof middleware>[0];

/** A request of an operation. Validation converts the parameters to their types and adds the defaults, in place. */
export interface ContractRequest {
  readonly method: string;
  /** As the client sent it, without the question mark. */
  readonly queryString: string;
  readonly headers: IncomingHttpHeaders;
  readonly params: Record<string, string>;
  readonly query: Record<string, unknown>;
  readonly body: unknown;
}

/** Enforces the contract for one operation. */
export interface OperationValidator {
  /**
   * Authenticates the caller.
   *
   * @param beforeVerification see `Authenticate`
   * @returns null for an operation without `bearerAuth`
   * @throws {Problem} see `Authenticate`
   */
  authenticate(
    headers: IncomingHttpHeaders,
    beforeVerification?: () => Promise<void>,
  ): Promise<Caller | null>;
  /** @throws {Problem} validation-error */
  validateRequest(request: ContractRequest): Promise<void>;
  /** @throws when the contract does not document the status or allow the body */
  validateResponse(status: number, body: unknown): void;
  /**
   * Divides a response body with long lists into parts that can be validated one after the other.
   *
   * @returns undefined for other bodies
   * @throws when a list is longer than the contract allows
   */
  divideResponse(status: number, body: unknown): LongBody | undefined;
}

/** Compiles the validator of an operation. */
export type LoadOperation = (operation: {
  /** In upper case. */
  method: string;
  /** With its parameters in braces. */
  path: string;
}) => Promise<OperationValidator>;

/** A step of express-openapi-validator: a middleware that reads only a few properties of the request. */
type Step = (request: object, response: object, next: (error?: unknown) => void) => unknown;

type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

/** What the validator's first step finds out about a request: the matching part of the contract. */
interface Metadata {
  readonly schema: {
    readonly parameters?: readonly {
      readonly in: string;
      readonly name: string;
      readonly allowEmptyValue?: boolean;
    }[];
    readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
  };
}

/** What the security handler leaves on a request. */
interface Authenticated {
  beforeVerification?: (() => Promise<void>) | undefined;
  caller?: Caller | null;
  authenticationError?: unknown;
}

/**
 * Loads the contract into express-openapi-validator. Its middleware would find the operation of each request; instead, the
 * step that does this runs once per operation, at the start, and its result is passed to the other steps.
 *
 * @returns a function that compiles the validator of an operation
 * @throws when the contract is not a valid OpenAPI document
 */
export async function loadValidator(
  contract: Document,
  authenticate: Authenticate,
): Promise<LoadOperation> {
  const steps = middleware({
    apiSpec: withoutErrorResponses(contract) as Options['apiSpec'],
    validateApiSpec: true,
    // queryErrors reports unknown query parameters together with the other errors.
    validateRequests: { allErrors: true, allowUnknownQueryParameters: true },
    validateResponses: true,
    validateSecurity: { handlers: { bearerAuth: bearerAuth(authenticate) } },
    // The fast formats accept 30 February.
    ajvFormats: { mode: 'full' },
    fileUploader: false,
    $refParser: { mode: 'dereference' },
  }) as unknown as readonly Step[];
  const step = (name: string): Step => {
    const found = steps.find((candidate) => candidate.name === name);
    if (!found) throw new Error(`express-openapi-validator has no step ${name}`);
    return found;
  };
  const findOperation = step('metadataMiddleware');
  const security = step('securityMiddleware');
  const requestValidation = step('requestMiddleware');
  const responseValidation = step('responseMiddleware');
  // This step reports the error of an invalid contract.
  await runOrThrow(step('pathParamsMiddleware'), { app: { param: () => undefined } });

  return async ({ method, path }) => {
    // The template of a path matches itself.
    const sample = { method, path, originalUrl: path, baseUrl: '', app: { enabled: () => true } };
    await runOrThrow(findOperation, sample);
    const { openapi } = sample as unknown as { openapi: Metadata };
    const { parameters = [], responses } = openapi.schema;
    const ofQuery = parameters.filter((parameter) => parameter.in === 'query');
    const queryNames = new Set(ofQuery.map(({ name }) => name));
    const mayBeEmpty = new Set(
      ofQuery.filter(({ allowEmptyValue }) => allowEmptyValue).map(({ name }) => name),
    );
    const checks = new Map<number, ResponseCheck>();
    const lists = new Map<number, Lists>();
    for (const [status, { content }] of Object.entries(responses)) {
      const check = await compileCheck(responseValidation, { ...sample, headers: {} }, +status);
      checks.set(+status, content ? requireBody(check) : check);
      const found = findLists(content?.['application/json']?.schema);
      if (found.size > 0) lists.set(+status, found);
    }

    return {
      async authenticate(headers, beforeVerification) {
        const request: Authenticated = { beforeVerification };
        const rejected = await run(security, Object.assign(request, { openapi, headers }));
        if (rejected)
          throw (request.authenticationError ??
            new Problem('not-authenticated', { reason: 'no bearer token' })) as Error;
        return request.caller ?? null;
      },
      async validateRequest(request) {
        const { params: pathParams, query, queryString } = request;
        const sent = { ...query };
        const error = await run(requestValidation, {
          ...request,
          originalUrl: `/?${queryString}`,
          openapi: { ...openapi, pathParams },
        });
        const problem = toProblem(error, queryErrors(sent, query, queryNames, mayBeEmpty));
        if (problem) throw problem as Error;
      },
      validateResponse(status, body) {
        const check = checks.get(status);
        if (!check) {
          const content = body === undefined ? 'without a body' : 'with a body';
          throw new Error(
            `returned status code '${status}' ${content}, which the contract does not document; errors must be thrown as a Problem`,
          );
        }
        check(body);
      },
      divideResponse(status, body) {
        const divisible = lists.get(status);
        return divisible && divide(body, divisible);
      },
    };
  };
}

/** Runs a step. Returns its error; undefined if it succeeds. */
function run(step: Step, request: object, response = {}): Promise<unknown> {
  return new Promise((resolve) => {
    step(request, response, resolve);
  });
}

async function runOrThrow(step: Step, request: object): Promise<void> {
  const error = await run(step, request);
  if (error) throw error as Error;
}

/** Throws the error of an invalid response body. */
type ResponseCheck = (body: unknown) => void;

/**
 * Compiles the check of a response. The validator replaces the `json` method of the response, which is called here with
 * each body.
 */
async function compileCheck(
  step: Step,
  request: object,
  statusCode: number,
): Promise<ResponseCheck> {
  let error: unknown;
  const response = { statusCode, getHeaders: () => ({}), json: (body: unknown) => body };
  await new Promise<void>((resolve) => {
    step(request, response, (reported) => {
      error = reported;
      resolve();
    });
  });
  const { json } = response;
  return (body) => {
    error = undefined;
    json.call(response, body);
    if (error) throw error as Error;
  };
}

function requireBody(check: ResponseCheck): ResponseCheck {
  return (body) => {
    if (body === undefined) throw new Error('returned a response without a body');
    check(body);
  };
}

/**
 * Creates the security handler of the contract's `bearerAuth` scheme. The validator reports every failure as a plain 401,
 * so the handler leaves the error on the request.
 */
function bearerAuth(authenticate: Authenticate) {
  return async (request: { headers: IncomingHttpHeaders } & Authenticated): Promise<boolean> => {
    try {
      request.caller = await authenticate(
        request.headers.authorization,
        request.beforeVerification,
      );
      return true;
    } catch (error) {
      request.authenticationError = error;
      return false;
    }
  };
}

/**
 * The contract without its error responses. Problems do not pass the response validation, but the validator would
 * compile a schema for each of them, which takes most of the start-up time.
 */
function withoutErrorResponses(contract: Document): Document {
  for (const path of Object.values(contract.paths ?? {})) {
    for (const operation of Object.values(path ?? {}) as { responses?: object }[]) {
      if (!operation.responses) continue;
      const successes = Object.entries(operation.responses).filter(([status]) => status < '400');
      operation.responses = Object.fromEntries(successes);
    }
  }
  return contract;
}
