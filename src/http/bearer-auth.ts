import type { Request } from 'express';
import type { Authenticate } from '../auth/authenticator.ts';
import './request.ts';

/**
 * The security handler of the contract's `bearerAuth` scheme: sets `request.caller`, or refuses the request.
 *
 * The validator turns each refusal into a plain 401 and drops the error, so the handler stores the error in
 * `request.refusal`, where the translator of problems reads it.
 */
export function bearerAuth(authenticate: Authenticate): (request: Request) => Promise<boolean> {
  return async (request) => {
    try {
      request.caller = await authenticate(request.headers.authorization);
      return true;
    } catch (error) {
      request.refusal = error;
      return false;
    }
  };
}
