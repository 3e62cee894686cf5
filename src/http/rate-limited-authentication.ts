import type { Request, Response } from 'express';
import type { Caller } from '../auth/caller.ts';
import { Problem } from '../errors/problem.ts';
import { clientNetwork } from '../net/client-network.ts';
import type { Quota, RateLimits } from '../rate-limits/rate-limits.ts';
import type { OperationValidator } from '../validation/contract-validator.ts';
import './request.ts';

type AuthenticateRequest = (
  operation: Pick<OperationValidator, 'authenticate'>,
  request: Request,
  response: Response,
) => Promise<Caller | null>;

/**
 * Returns a function that authenticates the caller of an operation within the rate limits, and sets
 * `response.rateLimitHeaders`. When an IP address has exceeded its limit of rejected tokens, its callers whose tokens are cached
 * are still served, so that one client cannot stop the others behind the same address.
 *
 * The function throws a {@link Problem}: rate-limited, and those of `Authenticate`.
 */
export function authenticateWithin({ perUser, perAddress }: RateLimits): AuthenticateRequest {
  return async (operation, request, response) => {
    const checkAddress =
      perAddress &&
      (async () => {
        const quota = await perAddress.check(clientNetwork(request.ip));
        if (quota.isExceeded) enforce(quota, response);
      });
    let caller;
    try {
      caller = await operation.authenticate(request.headers, checkAddress);
    } catch (error) {
      if (perAddress && isRefusedToken(error)) {
        enforce(await perAddress.count(clientNetwork(request.ip)), response);
      }
      throw error;
    }
    if (perUser && caller) enforce(await perUser.count(caller.id), response);
    return caller;
  };
}

function enforce({ headers, isExceeded, resetSeconds }: Quota, response: Response): void {
  response.rateLimitHeaders = headers;
  if (isExceeded) throw new Problem('rate-limited', { retryAfter: resetSeconds });
}

function isRefusedToken(error: unknown): boolean {
  return (
    error instanceof Problem && (error.code === 'invalid-token' || error.code === 'token-expired')
  );
}
