import type { Request } from 'express';
import type { Authenticate } from '../auth/authenticator.ts';
import './request.ts';

/**
 * Creates the security handler of the contract's `bearerAuth` scheme. It sets `request.caller`, or rejects the request.
 *
 * The validator turns every rejection into a plain 401 and drops the error. The handler therefore stores the error in
 * `request.authenticationError`, from which `problem-response.ts` creates the response.
 */
export function bearerAuth(authenticate: Authenticate): (request: Request) => Promise<boolean> {
  return async (request) => {
    try {
      request.caller = await authenticate(request.headers.authorization);
      return true;
    } catch (error) {
      request.authenticationError = error;
      return false;
    }
  };
}
