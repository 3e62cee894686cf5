import type { Request, RequestHandler } from 'express';
import '../http/request.ts';
import type { Authenticate } from './authenticator.ts';

/** Gives each request the means to find out who is calling. Whether it is asked is the contract's to say. */
export function provideAuthentication(authenticate: Authenticate): RequestHandler {
  return (request, _response, next) => {
    request.authenticate = () => authenticate(request.headers.authorization);
    next();
  };
}

/**
 * The security handler of the contract's `bearerAuth`: lets callers pass, and nobody else. The validator makes a 401 of
 * every refusal, so the reason stays with the request.
 */
export async function bearerAuth(request: Request): Promise<boolean> {
  try {
    request.caller = await request.authenticate();
    return true;
  } catch (reason) {
    request.refusal = reason;
    return false;
  }
}
