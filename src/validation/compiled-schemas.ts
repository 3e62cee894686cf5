import { UnsupportedMediaType } from 'express-openapi-validator/dist/framework/types.js';
import type { RequestValidator } from 'express-openapi-validator/dist/middlewares/openapi.request.validator.js';
import type { ResponseValidator } from 'express-openapi-validator/dist/middlewares/openapi.response.validator.js';
import {
  ajvErrorsToValidatorError,
  augmentAjvErrors,
  ContentType,
} from 'express-openapi-validator/dist/middlewares/util.js';
import type { IncomingHttpHeaders } from 'node:http';
import type { Schema } from './long-response.ts';
import type { ValidatorError } from './validation-errors.ts';

/** A request of an operation. Validation converts the parameters to their types and adds the defaults, in place. */
export interface ContractRequest {
  /** The media type of the body, one of the operation's; undefined without a body. */
  readonly mediaType: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly params: Record<string, string>;
  readonly query: Record<string, unknown>;
  readonly body: unknown;
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly allowEmptyValue?: boolean;
  readonly allowReserved?: boolean;
  readonly schema?: { readonly type?: unknown; readonly enum?: unknown };
}

/** An operation in the contract, without references. */
export interface OperationObject {
  readonly operationId?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  responses: Readonly<Record<string, { readonly content?: Content }>>;
}

export interface OperationOf {
  readonly path: string;
  /** In upper case. */
  readonly method: string;
  readonly schema: OperationObject;
}

/** Returns the errors of a request. */
export type RequestCheck = (request: ContractRequest) => readonly ValidatorError[];

/** Throws if the response body is invalid. */
export type ResponseCheck = (status: number, body: unknown) => void;

/**
 * Ensures that the schema of a parameter is enough to validate it. The validator's middleware also parses lists and objects,
 * and finds reserved characters that must be percent-encoded, which no number and no enum contains.
 */
export function throwUnlessPlain({ name, in: place, schema = {}, allowReserved }: Parameter): void {
  const isPlain =
    schema.type === 'integer' ||
    (schema.type === 'string' &&
      (place !== 'query' || allowReserved === true || schema.enum !== undefined));
  if (!isPlain)
    throw new Error(`The parameter ${name} needs a serialisation that is not supported`);
}

/** The private parts of the validator: its middleware compiles the schemas, and keeps them under a key. */
interface Compiler {
  buildMiddleware(path: string, schema: object, type: ContentType, key: string): unknown;
  readonly ajv: SchemaStore;
  readonly ajvBody: SchemaStore;
}
interface SchemaStore {
  getSchema(key: string): { (data: object): boolean; errors?: AjvErrors };
}
type AjvErrors = Parameters<typeof augmentAjvErrors>[0];

/** Compiles the schemas of the parameters of an operation, and of its body in a media type. */
export function compileRequest(
  requests: RequestValidator,
  { path, method, schema }: OperationOf,
  mediaType = '',
): RequestCheck {
  const compiler = requests as unknown as Compiler;
  const key = `${method} ${path} ${mediaType}`;
  try {
    compiler.buildMiddleware(path, schema, ContentType.fromString(mediaType), key);
  } catch (error) {
    // readBody has rejected every unsupported media type, so that this error can only mean a missing body.
    if (!(error instanceof UnsupportedMediaType)) throw error;
    return () => [{ path: '/body', message: '', errorCode: 'required' }];
  }
  const checks = [compiler.ajv.getSchema(key), compiler.ajvBody.getSchema(key)];
  return (request) => {
    const errors = checks.flatMap((check) => (check(request) ? [] : (check.errors ?? [])));
    return errors.length > 0 ? ajvErrorsToValidatorError(400, augmentAjvErrors(errors)).errors : [];
  };
}

/** Compiles the schemas of the responses of an operation. */
export function compileResponses(
  responses: ResponseValidator,
  { path, method, schema }: OperationOf,
): ResponseCheck {
  const request = { method, headers: {}, openapi: { expressRoute: path } };
  const validators = responses._getOrBuildValidator(
    request as unknown as Parameters<RequestValidator['validate']>[0],
    schema.responses as Parameters<ResponseValidator['_getOrBuildValidator']>[1],
  );
  /** By status and media type. */
  const byStatus = validators as unknown as Record<
    string,
    Record<string, (body: object) => boolean>
  >;
  return (status, body) => {
    const byMediaType = byStatus[status];
    if (!byMediaType) {
      const content = body === undefined ? 'without a body' : 'with a body';
      throw new Error(
        `returned status code '${status}' ${content}, which the contract does not document; errors must be thrown as a Problem`,
      );
    }
    const [isValid] = Object.values(byMediaType);
    if (isValid && body === undefined) throw new Error('returned a response without a body');
    if (isValid?.({ response: body })) return;
    // Throws the error of an invalid body.
    responses._validate({
      validators,
      body: body as object,
      statusCode: status,
      path,
      accepts: [],
    });
  };
}
