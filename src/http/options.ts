import type { ErrorRequestHandler, RequestHandler } from 'express';
import { error as validator } from 'express-openapi-validator';
import { allowedMethods } from './problem-response.ts';

/** `OPTIONS *` asks about the server as a whole (RFC 9110, section 9.3.7): it is there. */
export const answerServerOptions: RequestHandler = (request, response, next) => {
  if (request.method === 'OPTIONS' && request.url === '*') response.status(204).end();
  else next();
};

/** No path of the contract has `OPTIONS`, so that it arrives here: with the methods that the path does have. */
export const answerOptions: ErrorRequestHandler = (error: unknown, request, response, next) => {
  if (request.method === 'OPTIONS' && error instanceof validator.MethodNotAllowed) {
    response.status(204).set('Allow', allowedMethods(error)).end();
  } else {
    next(error);
  }
};
