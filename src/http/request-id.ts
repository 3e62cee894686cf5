import type { RequestHandler } from 'express';
import { randomUUIDv7 } from 'node:crypto';
import './request.ts';

/** Safe in logs and headers. */
const VALID_ID = /^[A-Za-z0-9._-]{1,128}$/;

/**
 * Sets the request id: the client's `X-Request-Id`, or a new UUID if that is missing or invalid. It is returned in the
 * response.
 */
export const requestId: RequestHandler = (request, _response, next) => {
  const given = request.headers['x-request-id'];
  request.id = typeof given === 'string' && VALID_ID.test(given) ? given : randomUUIDv7();
  next();
};
