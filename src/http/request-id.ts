import type { RequestHandler } from 'express';
import { randomUUIDv7 } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import './request.ts';

/** Safe in logs and headers. */
const VALID_ID = /^[A-Za-z0-9._-]{1,128}$/;

/** Returns the client's `X-Request-Id`, or a new UUID if that is missing or invalid. */
export function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && VALID_ID.test(given) ? given : randomUUIDv7();
}

/** Sets the request id, which is returned in the response. */
export const requestId: RequestHandler = (request, _response, next) => {
  request.id = requestIdOf(request);
  next();
};
