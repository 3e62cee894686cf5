import { middleware } from 'express-openapi-validator';
import type { RequestHandler } from 'express';
import { bearerAuth } from '../auth/bearer-auth.ts';
import { loadContract } from '../contract.ts';
import { Problem } from './problem.ts';

type Options = Parameters<typeof middleware>[0];

/**
 * The contract at the door: finds the operation, runs its security handler, validates the request, and validates the
 * reply before it leaves.
 */
export function validateContract(): RequestHandler[] {
  const validation = middleware({
    apiSpec: loadContract() as Options['apiSpec'],
    validateApiSpec: true,
    validateRequests: { allErrors: true },
    validateResponses: true,
    validateSecurity: { handlers: { bearerAuth } },
    // The fast formats let 30 February pass.
    ajvFormats: { mode: 'full' },
    fileUploader: false,
  });
  return [refuseTrailingSlash, ...validation];
}

/** The validator does not tell `/api/tasks/` from `/api/tasks`, but the contract does. */
const refuseTrailingSlash: RequestHandler = (request, _response, next) => {
  if (request.path.endsWith('/')) throw new Problem('not-found');
  next();
};
