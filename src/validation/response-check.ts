import type { RequestValidator } from 'express-openapi-validator/dist/middlewares/openapi.request.validator.js';
import type { ResponseValidator } from 'express-openapi-validator/dist/middlewares/openapi.response.validator.js';
import type { OperationOf } from './contract-operation.ts';

/**
 * Throws if a response is not in the contract: its status is not documented, or its body is invalid. It becomes a 500 in
 * `http/problem-response.ts`.
 */
export type ResponseCheck = (status: number, body: unknown) => void;

/** Compiles the schemas of the responses of an operation. */
export function compileResponseCheck(
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
