import type { Request, RequestHandler, Response } from 'express';
import { Problem } from '../errors/problem.ts';
import { send } from '../http/response.ts';
import { allowedMethods } from '../http/router.ts';
import type { PublicDocument } from './documents.ts';

const PATHS = ['/docs', '/openapi.yaml', '/openapi.json'];

/**
 * Serves the contract and the documentation to everyone, with `GET` and `HEAD`, content negotiation of the encoding, and
 * conditional requests (ETag).
 *
 * @param load loads the documents, on the first request for one of them, and again if that failed; it gets the port of this request
 * @throws {Problem} method-not-allowed; not-found, if the page is not built
 */
export function serveDocs(
  load: (port: number) => Promise<ReadonlyMap<string, PublicDocument>>,
): RequestHandler {
  let documents: ReturnType<typeof load> | undefined;
  return async (request, response, next) => {
    const { path } = request;
    if (!PATHS.includes(path)) {
      next();
      return;
    }
    if (request.method !== 'GET') {
      throw new Problem('method-not-allowed', { allow: allowedMethods(['GET']) });
    }
    documents ??= load(request.socket.localPort ?? 0).catch((error: unknown) => {
      documents = undefined;
      throw error;
    });
    const document = (await documents).get(path);
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
  const ifNoneMatch = request.headers['if-none-match'];
  // The ETag includes its quotes, so a list contains it only as a whole. The comparison is weak (RFC 9110, section 13.1.2).
  if (ifNoneMatch === '*' || ifNoneMatch?.includes(etag)) {
    send(request, response, 304, headers);
    return;
  }
  const encoding = coding !== undefined && { 'Content-Encoding': coding };
  send(request, response, 200, { ...headers, ...encoding, 'Content-Type': type }, bytes);
}
