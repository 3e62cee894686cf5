import { middleware } from 'express-openapi-validator';
import type { RequestHandler } from 'express';
import { bearerAuth } from '../auth/bearer-auth.ts';
import { loadContract } from '../contract.ts';
import { readBody } from './body.ts';
import { Problem } from './problem.ts';

type Options = Parameters<typeof middleware>[0];

/** What the validator calls the stage after which a body is worth reading. */
const SECURITY = 'securityMiddleware';

/**
 * The contract at the door: finds the operation, runs its security handler, has the body read, validates the request, and
 * validates the reply before it leaves.
 */
export function validateContract(): RequestHandler[] {
  const validation = middleware({
    apiSpec: loadContract() as Options['apiSpec'],
    validateApiSpec: true,
    // Those of the query are found together with what else is wrong.
    validateRequests: { allErrors: true, allowUnknownQueryParameters: true },
    validateResponses: true,
    validateSecurity: { handlers: { bearerAuth } },
    // The fast formats let 30 February pass.
    ajvFormats: { mode: 'full' },
    fileUploader: false,
    $refParser: { mode: 'dereference' },
  });
  const security = validation.findIndex(({ name }) => name === SECURITY);
  if (security === -1) throw new Error(`express-openapi-validator has no ${SECURITY} any more`);
  return [refuseTrailingSlash, ...validation.toSpliced(security + 1, 0, readBody)];
}

/** The validator does not tell `/api/tasks/` from `/api/tasks`, but the contract does. */
const refuseTrailingSlash: RequestHandler = (request, _response, next) => {
  if (request.path.endsWith('/')) throw new Problem('not-found');
  next();
};
