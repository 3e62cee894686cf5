import type { ErrorRequestHandler, RequestHandler } from 'express';
import { error as validator } from 'express-openapi-validator';
import { allowedMethods } from './problem-response.ts';

/** Responds to `OPTIONS *`, which is about the server as a whole (RFC 9110, section 9.3.7). */
export const respondToServerOptions: RequestHandler = (request, response, next) => {
  if (request.method === 'OPTIONS' && request.url === '*') response.status(204).end();
  else next();
};

/**
 * Responds to `OPTIONS` with the methods of the path. The contract has no `OPTIONS` operation, so the validator has thrown
 * an error that contains these methods.
 */
export const respondToOptions: ErrorRequestHandler = (error: unknown, request, response, next) => {
  if (request.method === 'OPTIONS' && error instanceof validator.MethodNotAllowed) {
    response.status(204).set('Allow', allowedMethods(error)).end();
  } else {
    next(error);
  }
};
