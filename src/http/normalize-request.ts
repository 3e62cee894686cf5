import type { Request, RequestHandler, Response } from 'express';
import { Problem } from '../errors/problem.ts';

/**
 * Rejects a malformed URL or header section, and routes `HEAD` as `GET`, whose body Node.js does not send (RFC 9110, section 9.3.2).
 *
 * @throws {Problem} malformed-request
 */
export const normalizeRequest: RequestHandler = (request, response, next) => {
  checkFraming(request, response);
  checkHeaders(request);
  checkEncoding(request.url);
  if (request.method === 'HEAD') request.method = 'GET';
  next();
};

/**
 * Returns a target without the origin of the absolute form (RFC 9112, section 3.2.2). It begins with a slash or is `*`: Express
 * would skip the whole pipeline for a target such as `http://[`, in which it finds no path.
 */
export function pathOf(target: string): string {
  const path = /^https?:\/\//i.test(target)
    ? target.replace(/^[a-z]+:\/\/[^/?]*\/?/i, '/')
    : target;
  return path.startsWith('/') || path === '*' ? path : `/${path}`;
}

/** Node.js accepts other versions, and ignores codings before `chunked`. A proxy may interpret them differently (smuggling). */
function checkFraming({ httpVersion, headers }: Request, response: Response): void {
  const coding = headers['transfer-encoding']?.toLowerCase();
  const isVersionSupported = httpVersion === '1.1' || httpVersion === '1.0';
  const isCodingSupported = coding === undefined || (coding === 'chunked' && httpVersion !== '1.0');
  if (isVersionSupported && isCodingSupported) return;
  // Where the next request begins is not certain.
  response.shouldKeepAlive = false;
  throw new Problem('malformed-request', {
    detail: `The ${isVersionSupported ? 'transfer coding' : 'HTTP version'} is not supported`,
  });
}

function checkHeaders(request: Request): void {
  if (request.httpVersion === '1.1' && request.headers.host === undefined) {
    throw new Problem('malformed-request', { detail: 'The Host header is missing' });
  }
  // Node.js keeps only the first; a proxy that reads the last would see a different caller or host.
  for (const name of ['Authorization', 'Host']) {
    if (countOf(name.toLowerCase(), request.rawHeaders) > 1) {
      throw new Problem('malformed-request', { detail: `There is more than one ${name} header` });
    }
  }
}

/** @param rawHeaders names and values in turn */
function countOf(name: string, rawHeaders: readonly string[]): number {
  const isName = (text: string, index: number) =>
    index % 2 === 0 && text.length === name.length && text.toLowerCase() === name;
  return rawHeaders.filter(isName).length;
}

function checkEncoding(target: string): void {
  // The characters of RFC 3986. Others would make the links in responses invalid.
  if (!/^[\w\-.~:/?#[\]@!$&'()*+,;=%]*$/.test(target)) {
    throw new Problem('malformed-request', {
      detail: 'The URL contains characters that must be percent-encoded',
    });
  }
  if (!target.includes('%')) return;
  let decoded;
  try {
    decoded = decodeURIComponent(target);
  } catch (cause) {
    throw new Problem('malformed-request', {
      detail: 'The URL contains invalid percent-encoding',
      cause,
    });
  }
  if (decoded.includes('\0'))
    throw new Problem('malformed-request', { detail: 'The URL contains a NUL character' });
}
