import cors, { type CorsOptions } from 'cors';
import type { RequestHandler } from 'express';

/**
 * Lets pages of these origins use the service (the Fetch standard's CORS protocol). A preflight ends here; an `OPTIONS`
 * that is none goes on, to be answered with what the path can do.
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
  const handleAndGoOn = cors({ ...options, preflightContinue: true });
  return (request, response, next) => {
    const plainOptions =
      request.method === 'OPTIONS' && !request.headers['access-control-request-method'];
    (plainOptions ? handleAndGoOn : handle)(request, response, next);
  };
}
