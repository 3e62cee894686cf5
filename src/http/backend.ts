import { OpenAPIBackend, type Handler as BackendHandler } from 'openapi-backend';
import { loadContract, type Handlers } from '../contract.ts';

/**
 * The contract with its handlers, registered by operationId with openapi-backend.
 *
 * @throws when the contract cannot be loaded, or has no operation of that name
 */
export async function createBackend(handlers: Handlers): Promise<OpenAPIBackend> {
  const backend = new OpenAPIBackend({
    definition: loadContract(),
    // Its own validation knows OpenAPI 3.0 only; express-openapi-validator does that.
    quick: true,
    validate: false,
  });
  await backend.init();
  for (const [operationId, handler] of Object.entries(handlers)) {
    if (!backend.getOperation(operationId))
      throw new Error(`The contract has no operation ${operationId}`);
    backend.register(operationId, handler as unknown as BackendHandler);
  }
  return backend;
}
