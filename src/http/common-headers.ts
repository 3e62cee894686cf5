import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { ClientRequest, OutgoingHttpHeaders } from 'node:http';
import { Socket } from 'node:net';
import { IncomingMessage, ServerResponse } from './node-http.ts';
import { createCors } from './cors.ts';
import './request.ts';

const secure = helmet({
  // Responses are data: a browser must not load, run or frame anything in them.
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
  xFrameOptions: { action: 'deny' },
});

export interface CommonHeaders {
  /** Returns the headers of every response to a request of this origin. Invalid HTTP gets a response from server/client-errors.ts. */
  readonly headersOf: (origin: string | undefined) => OutgoingHttpHeaders;
  /** Responds to a CORS preflight request. */
  readonly preflight: RequestHandler;
}

/**
 * Computes the security headers of helmet, and the CORS headers for pages of these origins. By default, responses are not
 * cached, and vary by caller and encoding; operations can override this. The headers depend only on the origin of the request,
 * so helmet and cors compute them once per origin, here.
 */
export function createCommonHeaders(origins: readonly string[]): CommonHeaders {
  const cors = createCors(origins);
  const headersFor = (origin?: string): OutgoingHttpHeaders => {
    const request = new IncomingMessage(new Socket());
    if (origin !== undefined) request.headers.origin = origin;
    const response = new ServerResponse(request);
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Vary', 'Authorization, Accept-Encoding');
    secure(request, response, () => undefined);
    cors.allow(request, response, () => undefined);
    // In their usual spelling, which the types declare only for client requests.
    const names = (response as unknown as ClientRequest).getRawHeaderNames();
    return Object.fromEntries(names.map((name) => [name, response.getHeader(name)]));
  };
  const byOrigin = new Map(cors.exact.map((origin) => [origin, headersFor(origin)]));
  const forOthers = headersFor();
  const forPatterns = headersFor(cors.example);

  const headersOfPattern = (origin: string): OutgoingHttpHeaders | undefined =>
    cors.matchesWildcard(origin)
      ? { ...forPatterns, 'Access-Control-Allow-Origin': origin }
      : undefined;

  return {
    headersOf: (origin) =>
      (origin === undefined ? undefined : (byOrigin.get(origin) ?? headersOfPattern(origin))) ??
      forOthers,
    preflight: cors.allow,
  };
}

/** Sets `response.commonHeaders`. A CORS preflight request ends here. */
export function setCommonHeaders({ headersOf, preflight }: CommonHeaders): RequestHandler {
  return (request, response, next) => {
    response.commonHeaders = headersOf(request.headers.origin);
    if (request.method === 'OPTIONS' && request.headers['access-control-request-method']) {
      response.set(response.commonHeaders).set('X-Request-Id', request.id);
      preflight(request, response, next);
    } else {
      next();
    }
  };
}
