import { middleware } from 'express-openapi-validator';
import type { RequestHandler } from 'express';
import type { Document } from 'openapi-backend';
import type { Authenticate } from '../auth/authenticator.ts';
import { loadContract } from '../contract.ts';
import { bearerAuth } from './bearer-auth.ts';
import { readBody } from './body.ts';
import { Problem } from '../errors/problem.ts';

type Options = Parameters<typeof middleware>[0];

/** The name of the validator's middleware that runs the security handlers. */
const SECURITY = 'securityMiddleware';

export interface ContractValidation {
  /** Finds the operation, authenticates the caller, reads the body, and validates the request and the response. */
  readonly all: RequestHandler[];
  /** The same without authentication, for the self-check. */
  readonly withoutAuthentication: RequestHandler[];
}

/**
 * Creates the middleware that validates requests and responses against the contract, with express-openapi-validator.
 *
 * @throws when the contract cannot be loaded
 */
export function validateContract(
  authenticate: Authenticate,
  contract = loadContract(),
): ContractValidation {
  const validation = middleware({
    apiSpec: withoutErrorResponses(contract) as Options['apiSpec'],
    validateApiSpec: true,
    // queryErrors reports unknown query parameters together with the other errors.
    validateRequests: { allErrors: true, allowUnknownQueryParameters: true },
    validateResponses: true,
    validateSecurity: { handlers: { bearerAuth: bearerAuth(authenticate) } },
    // The fast formats accept 30 February.
    ajvFormats: { mode: 'full' },
    fileUploader: false,
    $refParser: { mode: 'dereference' },
  });
  const security = validation.findIndex(({ name }) => name === SECURITY);
  if (security === -1) throw new Error(`express-openapi-validator has no middleware ${SECURITY}`);
  const before = [rejectTrailingSlash, ...validation.slice(0, security)];
  // The body is read only after authentication.
  const after = [readBody, ...validation.slice(security + 1)];
  return {
    all: [...before, ...validation.slice(security, security + 1), ...after],
    withoutAuthentication: [...before, ...after],
  };
}

/**
 * The contract without its error responses. Problems do not pass the response validation, but the validator would
 * compile a schema for each of them, which takes most of the start-up time.
 */
function withoutErrorResponses(contract: Document): Document {
  for (const path of Object.values(contract.paths ?? {})) {
    for (const operation of Object.values(path ?? {}) as { responses?: object }[]) {
      if (!operation.responses) continue;
      const successes = Object.entries(operation.responses).filter(([status]) => status < '400');
      operation.responses = Object.fromEntries(successes);
    }
  }
  return contract;
}

/** The validator treats `/api/tasks/` like `/api/tasks`; the contract only has the latter. */
const rejectTrailingSlash: RequestHandler = (request, _response, next) => {
  if (request.path.endsWith('/')) throw new Problem('not-found');
  next();
};
