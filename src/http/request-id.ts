import type { RequestHandler } from 'express';
import { v7 as uuid } from 'uuid';
import './request.ts';

const SANE = /^[A-Za-z0-9._-]{1,128}$/;

/** Gives the request the caller's `X-Request-Id`, or a new one when that is none or not sane, and sends it back. */
export const requestId: RequestHandler = (request, response, next) => {
  const given = request.headers['x-request-id'];
  request.id = typeof given === 'string' && SANE.test(given) ? given : uuid();
  response.set('X-Request-Id', request.id);
  next();
};
