import { error as validator } from 'express-openapi-validator';
import type { Request, RequestHandler, Response } from 'express';
import { namesTag } from '../conditional-requests/entity-tag.ts';
import { Problem } from '../errors/problem.ts';
import type { PublicDocument } from './documents.ts';

const PATHS = ['/docs', '/openapi.yaml', '/openapi.json'];

/**
 * Answers for the contract and the documentation, which are public: `GET` and `HEAD`, conditional and compressed where
 * the caller wants that.
 *
 * @throws {Problem} not-found, while the page is not built
 * @throws the validator's error for a method that these paths do not have
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
  const { type, body, encoded, tag, policy } = document;
  const accepted = [...encoded].find(([coding]) => request.acceptsEncodings(coding) !== false);
  const [coding, bytes] = accepted ?? [undefined, body];
  const etag = coding === undefined ? `"${tag}"` : `"${tag}-${coding}"`;
  response.set({
    ETag: etag,
    // Kept by everybody, and revalidated, so that nobody reads what was true before.
    'Cache-Control': 'public, no-cache',
    Vary: 'Accept-Encoding',
    'Access-Control-Allow-Origin': '*',
    ...(policy !== undefined && { 'Content-Security-Policy': policy }),
  });
  if (namesTag(request.headers['if-none-match'], etag)) {
    response.status(304).end();
    return;
  }
  if (coding !== undefined) response.set('Content-Encoding', coding);
  response.type(type).send(bytes);
}
