import type { Ajv } from 'ajv';
import { AjvOptions } from 'express-openapi-validator/dist/framework/ajv/options.js';
import { security } from 'express-openapi-validator/dist/middlewares/openapi.security.js';
import { RequestValidator } from 'express-openapi-validator/dist/middlewares/openapi.request.validator.js';
import { ResponseValidator } from 'express-openapi-validator/dist/middlewares/openapi.response.validator.js';
import {
  httpMethods,
  SchemaPreprocessor,
} from 'express-openapi-validator/dist/middlewares/parsers/schema.preprocessor.js';
import type { IncomingHttpHeaders } from 'node:http';
import type { Document } from 'openapi-backend';
import type { Authenticate } from '../auth/authenticator.ts';
import type { Caller } from '../auth/caller.ts';
import { Problem } from '../errors/problem.ts';
import type { OperationObject, OperationOf } from './contract-operation.ts';
import { dereference } from './dereference.ts';
import { formats } from './formats.ts';
import { replaceLengthKeywords } from './lengths.ts';
import { divide, findLists, type Lists, type LongBody } from './long-response.ts';
import { queryErrors } from './query-errors.ts';
import {
  compileRequestCheck,
  type ContractRequest,
  type RequestCheck,
  throwUnlessPlain,
} from './request-check.ts';
import { compileResponseCheck, type ResponseCheck } from './response-check.ts';
import { validationProblem } from './validation-errors.ts';

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
  validateRequest(request: ContractRequest): void;
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

/** An operation of the contract, with its validator. */
export interface DocumentedOperation extends OperationValidator {
  readonly id: string;
  /** In upper case. */
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
  /** The media types of the request body; empty without one. */
  readonly mediaTypes: ReadonlySet<string>;
  /** The names of the header parameters, as in the contract and as Node.js spells them. */
  readonly headerNames: readonly (readonly [name: string, lowerCase: string])[];
  /** The documented status codes, including those of errors. */
  readonly statuses: ReadonlySet<number>;
}

type ApiSpec = ConstructorParameters<typeof SchemaPreprocessor>[0];
type SecurityHandlers = Parameters<typeof security>[1];

/** A middleware of the validator, which reads only a few properties of the request. */
type Step = (request: object, response: object, next: (error?: unknown) => void) => unknown;

/** A request as the security handler gets it. */
interface Authentication {
  readonly openapi: object;
  readonly headers: IncomingHttpHeaders;
  readonly beforeVerification: (() => Promise<void>) | undefined;
  readonly reject: (error: Error) => void;
  /** Set by the security handler. */
  caller?: Caller;
}

/**
 * Loads the contract into the parts of express-openapi-validator. Its middleware would find the operation of each request;
 * here, each operation has its own validator, which compiles its schemas when it is used for the first time.
 *
 * @param contract is modified
 * @throws when the contract cannot be loaded, such as with a reference to something that it does not contain
 */
export function loadOperations(
  contract: Document,
  authenticate: Authenticate,
): readonly DocumentedOperation[] {
  dereference(contract);
  const documented = operationsOf(contract);
  const statuses = documented.map(({ schema }) => removeErrorResponses(schema));
  // Without references, the schemas of the operations need none of the other components.
  const { securitySchemes = {} } = contract.components ?? {};
  const apiSpec = { ...contract, components: { securitySchemes } } as unknown as ApiSpec;
  // The validator's own class would load its other middleware, such as that for uploaded files.
  const options = new AjvOptions({
    // queryErrors reports unknown query parameters together with the other errors.
    validateRequests: { allErrors: true, allowUnknownQueryParameters: true },
    validateResponses: {},
    validateFormats: true,
    // The fast formats accept 30 February.
    ajvFormats: { mode: 'full' },
    formats,
    // Times are text already. The default would try to serialise each of them.
    serDes: [{ format: 'date-time' }],
  } as unknown as ConstructorParameters<typeof AjvOptions>[0]);
  const { apiDocRes } = new SchemaPreprocessor(apiSpec, options.preprocessor, {}).preProcess();
  const ofResponses = operationsOf(apiDocRes);
  const rest = { ...apiSpec, paths: {} };
  const handlers = { bearerAuth: bearerAuth(authenticate) } as unknown as SecurityHandlers;
  const checkSecurity = security(rest, handlers) as unknown as Step;
  const requests = new RequestValidator(rest, options.request);
  const responses = new ResponseValidator(rest, options.response);
  replaceLengthKeywords((responses as unknown as { readonly ajvBody: Ajv }).ajvBody);

  return documented.map((found, index) => {
    const { path, method, schema } = found;
    const { operationId = '', parameters = [], requestBody } = schema;
    const openapi = { openApiRoute: path, expressRoute: path, schema };
    parameters.forEach(throwUnlessPlain);
    const ofQuery = parameters.filter((parameter) => parameter.in === 'query');
    const queryNames = new Set(ofQuery.map(({ name }) => name));
    const mayBeEmpty = new Set(
      ofQuery.filter(({ allowEmptyValue }) => allowEmptyValue).map(({ name }) => name),
    );
    const lists = new Map<number, Lists>();
    for (const [status, { content }] of Object.entries(schema.responses)) {
      const long = findLists(content?.['application/json']?.schema);
      if (long.size > 0) lists.set(+status, long);
    }
    /** By media type. */
    const requestChecks = new Map<string | undefined, RequestCheck>();
    let checkResponse: ResponseCheck | undefined;

    return {
      id: operationId,
      method,
      path,
      mediaTypes: new Set(Object.keys(requestBody?.content ?? {})),
      headerNames: parameters
        .filter((it) => it.in === 'header')
        .map(({ name }) => [name, name.toLowerCase()]),
      statuses: statuses[index] ?? new Set(),
      authenticate: (headers, beforeVerification) =>
        new Promise((resolve, reject) => {
          const request: Authentication = { openapi, headers, beforeVerification, reject };
          checkSecurity(request, {}, (error) => {
            if (error) reject(new Problem('not-authenticated', { reason: 'no bearer token' }));
            else resolve(request.caller ?? null);
          });
        }),
      validateRequest(request) {
        const { mediaType, query } = request;
        let check = requestChecks.get(mediaType);
        if (!check)
          requestChecks.set(mediaType, (check = compileRequestCheck(requests, found, mediaType)));
        const sent = { ...query };
        const errors = check(request);
        const problem = validationProblem(errors, queryErrors(sent, query, queryNames, mayBeEmpty));
        if (problem) throw problem;
      },
      validateResponse(status, body) {
        checkResponse ??= compileResponseCheck(responses, ofResponses[index] ?? found);
        checkResponse(status, body);
      },
      divideResponse(status, body) {
        const divisible = lists.get(status);
        return divisible && divide(body, divisible);
      },
    };
  });
}

/** The operations of a contract. */
function operationsOf({ paths = {} }: { readonly paths?: object }): OperationOf[] {
  return Object.entries(paths).flatMap(([path, item]: [string, object]) =>
    Object.entries(item)
      .filter(([method]) => httpMethods.has(method))
      .map(([method, schema]) => ({
        path,
        method: method.toUpperCase(),
        schema: schema as OperationObject,
      })),
  );
}

/**
 * Removes the error responses of an operation, and returns the statuses of all its responses. Problems do not pass the
 * response validation, but their schemas would be compiled together with the others.
 */
function removeErrorResponses(operation: OperationObject): ReadonlySet<number> {
  const responses = Object.entries(operation.responses);
  operation.responses = Object.fromEntries(responses.filter(([status]) => status < '400'));
  return new Set(responses.map(([status]) => Number(status)));
}

/**
 * Creates the security handler of the contract's `bearerAuth` scheme. When a token is rejected, it never returns: the validator
 * would replace the error with a plain 401 of its own, whose stack takes longer to capture than the rejection itself.
 */
function bearerAuth(authenticate: Authenticate) {
  return async (request: Authentication): Promise<boolean> => {
    try {
      request.caller = await authenticate(
        request.headers.authorization,
        request.beforeVerification,
      );
      return true;
    } catch (error) {
      request.reject(error as Error);
      return new Promise(() => undefined);
    }
  };
}
