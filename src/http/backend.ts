import { OpenAPIBackend } from 'openapi-backend';
import { loadContract } from '../contract.ts';

/**
 * The contract's operations by their operationId, with sample responses made from its examples.
 *
 * @throws when the contract cannot be loaded
 */
export async function createBackend(): Promise<OpenAPIBackend> {
  const backend = new OpenAPIBackend({
    definition: loadContract(),
    // Its validation supports only OpenAPI 3.0. express-openapi-validator validates requests and responses.
    quick: true,
    validate: false,
  });
  return backend.init();
}
