import type { Request, RequestHandler } from 'express';
import { Problem } from '../http/problem.ts';
import '../http/request.ts';
import type { Authenticate } from './authenticator.ts';

/** Finds out who is calling, before the body is read. Whether that matters is the contract's to say. */
export function identifyCaller(authenticate: Authenticate): RequestHandler {
  return async (request, _response, next) => {
    try {
      request.authentication = await authenticate(request.headers.authorization);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      request.authentication = error;
    }
    next();
  };
}

/** The security handler of the contract's `bearerAuth`: lets callers pass, and nobody else. */
export function bearerAuth({ authentication }: Pick<Request, 'authentication'>): boolean {
  return authentication !== undefined && !(authentication instanceof Problem);
}
