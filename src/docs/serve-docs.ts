import type { Request, RequestHandler, Response } from 'express';
import { matchesETag } from '../conditional-requests/etag.ts';
import { Problem } from '../errors/problem.ts';
import { send } from '../http/response.ts';
import { allowedMethods } from '../http/router.ts';
import type { PublicDocument } from './documents.ts';

const PATHS = ['/docs', '/openapi.yaml', '/openapi.json'];

/**
 * Serves the contract and the documentation to everyone, with `GET` and `HEAD`, content negotiation of the encoding, and
 * conditional requests (ETag).
 *
 * @throws {Problem} method-not-allowed; not-found, if the page is not built
 */
export function serveDocs(documents: ReadonlyMap<string, PublicDocument>): RequestHandler {
  return (request, response, next) => {
    const { path } = request;
    if (!PATHS.includes(path)) {
      next();
      return;
    }
    if (request.method !== 'GET') {
      throw new Problem('method-not-allowed', { allow: allowedMethods(['GET']) });
    }
    const document = documents.get(path);
    if (!document) {
      throw new Problem('not-found', { detail: 'The documentation is not built; run: make docs' });
    }
    sendDocument(request, response, document);
  };
}

function sendDocument(request: Request, response: Response, document: PublicDocument): void {
  const { type, body, encoded, hash, contentSecurityPolicy } = document;
  const accepted = [...encoded].find(([coding]) => request.acceptsEncodings(coding) !== false);
  const [coding, bytes] = accepted ?? [undefined, body];
  const etag = coding === undefined ? `"${hash}"` : `"${hash}-${coding}"`;
  const headers = {
    ETag: etag,
    // Any cache may store the document, but must revalidate it before each use, so that nobody reads an old version.
    'Cache-Control': 'public, no-cache',
    Vary: 'Accept-Encoding',
    'Access-Control-Allow-Origin': '*',
    ...(contentSecurityPolicy !== undefined && {
      'Content-Security-Policy': contentSecurityPolicy,
    }),
  };
  if (matchesETag(request.headers['if-none-match'], etag)) {
    send(request, response, 304, headers);
    return;
  }
  const encoding = coding !== undefined && { 'Content-Encoding': coding };
  send(request, response, 200, { ...headers, ...encoding, 'Content-Type': type }, bytes);
}
