import type { RequestHandler } from 'express';
import helmet from 'helmet';

const secure = helmet({
  // Replies are data: nothing in them is ever to be loaded, run or framed.
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
  xFrameOptions: { action: 'deny' },
});

/** Headers of every reply: helmet's, and by default nothing is kept and every caller has their own answer. */
export const securityHeaders: RequestHandler = (request, response, next) => {
  response.set('Cache-Control', 'no-store');
  response.vary('Authorization');
  secure(request, response, next);
};
