import type { Request, RequestHandler } from 'express';
import { Problem } from '../errors/problem.ts';

/**
 * Refuses a request whose first lines cannot be read, and brings the others into their plain form: the target without
 * its origin (RFC 9112, section 3.2.2), and `HEAD` as the `GET` whose body is not sent (RFC 9110, section 9.3.2).
 *
 * @throws {Problem} malformed-request
 */
export const wellFormed: RequestHandler = (request, _response, next) => {
  checkHeaders(request);
  request.url = request.originalUrl = originForm(request.url);
  checkEncoding(request.url);
  if (request.method === 'HEAD') request.method = 'GET';
  next();
};

function checkHeaders(request: Request): void {
  if (request.httpVersion === '1.1' && request.headers.host === undefined) {
    throw new Problem('malformed-request', { detail: 'The Host header is missing' });
  }
  // Node keeps the first and drops the others, so that two readers of one request could see different callers.
  for (const name of ['Authorization', 'Host']) {
    if ((request.headersDistinct[name.toLowerCase()]?.length ?? 0) > 1) {
      throw new Problem('malformed-request', { detail: `There is more than one ${name} header` });
    }
  }
}

function originForm(target: string): string {
  return /^https?:\/\//i.test(target) ? target.replace(/^[a-z]+:\/\/[^/?]*\/?/i, '/') : target;
}

function checkEncoding(target: string): void {
  // The characters of RFC 3986; others would come back in links that nobody can read.
  if (!/^[\w\-.~:/?#[\]@!$&'()*+,;=%]*$/.test(target)) {
    throw new Problem('malformed-request', {
      detail: 'The address has characters that are not percent-encoded',
    });
  }
  if (!target.includes('%')) return;
  let decoded;
  try {
    decoded = decodeURIComponent(target);
  } catch (cause) {
    throw new Problem('malformed-request', {
      detail: 'The percent-encoding of the address is broken',
      cause,
    });
  }
  if (decoded.includes('\0'))
    throw new Problem('malformed-request', { detail: 'The address has a NUL' });
}
