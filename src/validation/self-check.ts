import { OpenAPISchemaValidator } from 'express-openapi-validator/dist/framework/openapi.schema.validator.js';
import { setImmediate } from 'node:timers/promises';
import type { Document, Operation as Documented } from 'openapi-backend';
import { indexContract } from './contract-index.ts';
import type { ContractRequest } from './request-check.ts';
import type { DocumentedOperation } from './contract-validator.ts';

interface Example {
  name: string;
  in: string;
  example?: string;
}
interface Body {
  required?: boolean;
  content: Record<string, { examples: Record<string, { value: unknown }> }>;
}

/**
 * Validates the contract: that it is an OpenAPI document, and its example of every request and response. A contract that
 * contradicts its examples then fails at start-up instead of at the first request. This also compiles the validators
 * (warm-up). Requests are served between the operations.
 *
 * @throws when the contract is not a valid OpenAPI document, or contradicts its examples
 */
export async function selfCheck(
  contract: Document,
  operations: readonly DocumentedOperation[],
): Promise<void> {
  checkDocument(contract);
  const contractIndex = await indexContract(contract);
  for (const operation of operations) {
    await setImmediate();
    const { id } = operation;
    const sample = contractIndex.mockResponseForOperation(id) as { status: number; mock?: unknown };
    try {
      for (const request of exampleRequests(contractIndex.getOperation(id))) {
        operation.validateRequest(request);
      }
      operation.validateResponse(sample.status, sample.status === 204 ? undefined : sample.mock);
    } catch (cause) {
      const { message } = cause as Error;
      throw new Error(`The contract contradicts its example of ${id}: ${message}`, { cause });
    }
  }
}

/** Validates the contract against the schema of OpenAPI documents. */
function checkDocument(contract: Document): void {
  const version = contract.openapi;
  // The schema of OpenAPI documents is valid; validateApiSpec would only check that.
  const { errors } = new OpenAPISchemaValidator({ version, validateApiSpec: false }).validate(
    contract as Parameters<OpenAPISchemaValidator['validate']>[0],
  );
  const [error] = errors ?? [];
  if (error)
    throw new Error(`The contract is not valid: ${error.instancePath} ${error.message ?? ''}`);
}

/** A request for each example body in each media type, and one without a body if the body is optional. */
function exampleRequests({
  parameters = [],
  requestBody,
}: Partial<Documented<Document>> = {}): ContractRequest[] {
  const inPath = (parameters as Example[]).filter((parameter) => parameter.in === 'path');
  const request = (mediaType?: string, body?: unknown): ContractRequest => ({
    mediaType,
    headers: {},
    params: Object.fromEntries(inPath.map(({ name, example = '' }) => [name, example])),
    query: {},
    body,
  });
  const { required, content } = (requestBody ?? { content: {} }) as Body;
  const requests = Object.entries(content).flatMap(([mediaType, { examples }]) =>
    // A copy, because validation adds the defaults.
    Object.values(examples).map(({ value }) => request(mediaType, structuredClone(value))),
  );
  return required ? requests : [...requests, request()];
}
