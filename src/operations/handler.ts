import type { Caller } from '../auth/caller.ts';
import type { OperationId, OperationRequest, PublicOperationId, Reply } from '../contract.ts';
import type { Services } from './services.ts';

/** An operation of the contract: a plain function that does not depend on the HTTP framework. */
export type Handler<Id extends OperationId> = (
  request: OperationRequest<Id>,
  caller: Id extends PublicOperationId ? null : Caller,
  services: Services,
) => Promise<Reply<Id>>;

/** A handler for each operation of the contract. A missing handler, or one of the wrong type, does not compile. */
export type Handlers = { [Id in OperationId]: Handler<Id> };
