import type { Document, OpenAPIBackend, Operation as Documented } from 'openapi-backend';
import type { ContractRequest } from './contract-validator.ts';
import type { Operation } from './operation.ts';

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
 * Validates the contract's example of every request and response. A contract that contradicts its examples then fails at
 * start-up instead of at the first request. This also compiles the validators (warm-up), so that no request waits for that.
 *
 * @throws when the contract contradicts its examples
 */
export async function selfCheck(
  backend: OpenAPIBackend,
  operations: readonly Operation[],
): Promise<void> {
  for (const operation of operations) {
    const { id } = operation;
    const sample = backend.mockResponseForOperation(id) as { status: number; mock?: unknown };
    try {
      for (const request of exampleRequests(operation, backend.getOperation(id))) {
        await operation.validateRequest(request);
      }
      operation.validateResponse(sample.status, sample.status === 204 ? undefined : sample.mock);
    } catch (cause) {
      const { message } = cause as Error;
      throw new Error(`The contract contradicts its example of ${id}: ${message}`, { cause });
    }
  }
}

/** A request for each example body in each media type, and one without a body if the body is optional. */
function exampleRequests(
  { method }: Operation,
  { parameters = [], requestBody }: Partial<Documented<Document>> = {},
): ContractRequest[] {
  const inPath = (parameters as Example[]).filter((parameter) => parameter.in === 'path');
  const request = (mediaType?: string, body?: unknown): ContractRequest => ({
    method,
    queryString: '',
    headers: { 'content-type': mediaType },
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
