import { OpenAPIBackend } from 'openapi-backend';
import { loadContract } from '../contract.ts';

/**
 * Creates openapi-backend's index of the contract: its operations by operationId, and sample responses from the examples.
 *
 * @throws when the contract cannot be loaded
 */
export async function createBackend(contract = loadContract()): Promise<OpenAPIBackend> {
  const backend = new OpenAPIBackend({
    definition: contract,
    // It validates OpenAPI 3.0 only. express-openapi-validator validates requests and responses.
    quick: true,
    validate: false,
  });
  return backend.init();
}
