import type { RequestHandler } from 'express';
import helmet from 'helmet';

const secure = helmet({
  // Responses are data: a browser must not load, run or frame anything in them.
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
  xFrameOptions: { action: 'deny' },
});

/**
 * Sets helmet's headers on every response. By default, responses are not cached and vary by caller; operations can
 * override this.
 */
export const securityHeaders: RequestHandler = (request, response, next) => {
  response.set('Cache-Control', 'no-store');
  response.vary('Authorization');
  secure(request, response, next);
};
