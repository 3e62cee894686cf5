import type { Caller } from '../auth/caller.ts';
import type {
  OperationId,
  OperationRequest,
  OperationResponse,
  PublicOperationId,
} from '../contract.ts';
import type { Services } from './services.ts';

/** An operation of the contract: a plain function that does not depend on the HTTP framework. */
export type Handler<Id extends OperationId> = (
  request: OperationRequest<Id>,
  caller: Id extends PublicOperationId ? null : Caller,
  services: Services,
) => Promise<OperationResponse<Id>>;

/** The handler of each operation of the contract. A missing handler, or one of the wrong type, is a compile error. */
export type Handlers = { [Id in OperationId]: Handler<Id> };
