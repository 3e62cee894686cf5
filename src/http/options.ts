import type { ErrorRequestHandler, RequestHandler } from 'express';
import { Problem } from '../errors/problem.ts';
import { send } from './response.ts';

/** Responds to `OPTIONS *`, which is about the server as a whole (RFC 9110, section 9.3.7). */
export const respondToServerOptions: RequestHandler = (request, response, next) => {
  if (request.method === 'OPTIONS' && request.url === '*') send(request, response, 204, {});
  else next();
};

/**
 * Responds to `OPTIONS` with the methods of the path. No path has an `OPTIONS` operation, so routing has thrown a problem
 * that contains these methods.
 */
export const respondToOptions: ErrorRequestHandler = (error: unknown, request, response, next) => {
  if (request.method === 'OPTIONS' && error instanceof Problem && error.allow !== undefined)
    send(request, response, 204, { Allow: error.allow });
  else next(error);
};
