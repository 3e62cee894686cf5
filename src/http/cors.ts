import cors, { type CorsOptions } from 'cors';
import type { RequestHandler } from 'express';

/**
 * Allows pages of these origins to call the service (CORS). A preflight request ends here. Any other `OPTIONS`
 * request is passed on, and gets the methods of the path.
 */
export function allowOrigins(origins: string[]): RequestHandler {
  const options: CorsOptions = {
    origin: origins,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: [
      'Authorization',
      'Content-Type',
      'Idempotency-Key',
      'If-Match',
      'If-None-Match',
      'X-Request-Id',
    ],
    exposedHeaders: [
      'Allow',
      'ETag',
      'Link',
      'Location',
      'Retry-After',
      'WWW-Authenticate',
      'X-Request-Id',
    ],
    maxAge: 600,
  };
  const handle = cors(options);
  const handleAndContinue = cors({ ...options, preflightContinue: true });
  return (request, response, next) => {
    const plainOptions =
      request.method === 'OPTIONS' && !request.headers['access-control-request-method'];
    (plainOptions ? handleAndContinue : handle)(request, response, next);
  };
}
