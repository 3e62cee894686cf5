import { error as validator } from 'express-openapi-validator';
import type { Request, RequestHandler, Response } from 'express';
import { matchesETag } from '../conditional-requests/etag.ts';
import { Problem } from '../errors/problem.ts';
import type { PublicDocument } from './documents.ts';

const PATHS = ['/docs', '/openapi.yaml', '/openapi.json'];

/**
 * Serves the contract and the documentation to everyone, with `GET` and `HEAD`, content negotiation of the encoding, and
 * conditional requests (ETag).
 *
 * @throws {Problem} not-found, if the page is not built
 * @throws the validator's error for an unsupported method
 */
export function serveDocs(documents: ReadonlyMap<string, PublicDocument>): RequestHandler {
  return (request, response, next) => {
    const { path } = request;
    if (!PATHS.includes(path)) {
      next();
      return;
    }
    if (request.method !== 'GET') {
      throw new validator.MethodNotAllowed({ path, headers: { Allow: 'GET' } });
    }
    const document = documents.get(path);
    if (!document) {
      throw new Problem('not-found', { detail: 'The documentation is not built; run: make docs' });
    }
    send(request, response, document);
  };
}

function send(request: Request, response: Response, document: PublicDocument): void {
  const { type, body, encoded, hash, contentSecurityPolicy } = document;
  const accepted = [...encoded].find(([coding]) => request.acceptsEncodings(coding) !== false);
  const [coding, bytes] = accepted ?? [undefined, body];
  const etag = coding === undefined ? `"${hash}"` : `"${hash}-${coding}"`;
  response.set({
    ETag: etag,
    // Any cache may store the document, but must revalidate it before each use, so that nobody reads an old version.
    'Cache-Control': 'public, no-cache',
    Vary: 'Accept-Encoding',
    'Access-Control-Allow-Origin': '*',
    ...(contentSecurityPolicy !== undefined && {
      'Content-Security-Policy': contentSecurityPolicy,
    }),
  });
  if (matchesETag(request.headers['if-none-match'], etag)) {
    response.status(304).end();
    return;
  }
  if (coding !== undefined) response.set('Content-Encoding', coding);
  response.type(type).send(bytes);
}
