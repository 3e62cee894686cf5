import { UnsupportedMediaType } from 'express-openapi-validator/dist/framework/types.js';
import type { RequestValidator } from 'express-openapi-validator/dist/middlewares/openapi.request.validator.js';
import {
  ajvErrorsToValidatorError,
  augmentAjvErrors,
  ContentType,
} from 'express-openapi-validator/dist/middlewares/util.js';
import type { IncomingHttpHeaders } from 'node:http';
import type { OperationOf, Parameter } from './contract-operation.ts';
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

/** Returns the errors of a request. */
export type RequestCheck = (request: ContractRequest) => readonly ValidatorError[];

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

/** The private parts of the validator: its middleware compiles the schemas, and caches them by key. */
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
export function compileRequestCheck(
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
