import { OpenAPIBackend } from 'openapi-backend';
import { loadContract } from '../contract.ts';

/**
 * Indexes the contract with openapi-backend: its operations by operationId, and sample responses from the examples.
 *
 * @throws when the contract cannot be loaded
 */
export async function indexContract(contract = loadContract()): Promise<OpenAPIBackend> {
  const backend = new OpenAPIBackend({
    definition: contract,
    // It validates OpenAPI 3.0 only. express-openapi-validator validates requests and responses.
    quick: true,
    validate: false,
  });
  return backend.init();
}
