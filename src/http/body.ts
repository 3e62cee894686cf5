import type { Request, RequestHandler, Response } from 'express';
import { parseJson } from './json.ts';
import { Problem } from '../errors/problem.ts';
import './request.ts';

const LIMIT_BYTES = 64 * 1024;
const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);
const JSON_TYPES = new Set(['application/json', 'application/merge-patch+json']);

/** Stands for all that no operation takes: the validator keeps something for every media type that it meets. */
const UNSUPPORTED = 'application/octet-stream';

/**
 * Reads the JSON body of a caller. What nobody asked for stays unread: the body of another method, or of a media type that
 * will be refused, but for chunks, of which there may turn out to be none.
 *
 * @throws {Problem} body-too-large, malformed-request
 */
export const readBody: RequestHandler = async (request, response, next) => {
  const contentType = bareMediaType(request);
  delete request.headers['content-type'];
  if (METHODS_WITH_BODY.has(request.method) && hasBody(request)) {
    if (JSON_TYPES.has(contentType)) {
      const bytes = await readBytes(request, response);
      // Of a chunked body the length is known only now.
      if (bytes.length > 0) {
        request.headers['content-type'] = contentType;
        request.body = parseJson(bytes);
      }
    } else if (!isChunked(request) || (await readBytes(request, response)).length > 0) {
      request.headers['content-type'] = UNSUPPORTED;
    }
  }
  next();
};

function hasBody(request: Request): boolean {
  return isChunked(request) || Number(request.headers['content-length'] ?? 0) > 0;
}

function isChunked({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined;
}

/** The media type in lower case and without parameters, or the unsupported one when its encoding is not plain UTF-8. */
function bareMediaType({ headers }: Request): string {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';');
  const utf8 = parameters
    .map((text) => text.trim())
    .every((text) => !text.startsWith('charset=') || /^charset="?utf-?8"?$/.test(text));
  const plain = (headers['content-encoding'] ?? 'identity').toLowerCase() === 'identity';
  return utf8 && plain ? type.trim() : UNSUPPORTED;
}

async function readBytes(request: Request, response: Response): Promise<Uint8Array> {
  if (Number(request.headers['content-length'] ?? 0) > LIMIT_BYTES) throw tooLarge();
  // Not before it is clear that the body is wanted (RFC 9110, section 10.1.1).
  if (request.headers.expect?.toLowerCase() === '100-continue') response.writeContinue();
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    // The stream has to outlive an early end, or the reply could not be sent.
    const stream = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    for await (const chunk of stream) {
      length += chunk.length;
      if (length > LIMIT_BYTES) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw new Problem('malformed-request', { detail: 'The body broke off', cause });
  }
  return Buffer.concat(chunks);
}

function tooLarge(): Problem {
  return new Problem('body-too-large', { detail: `The body is larger than ${LIMIT_BYTES} bytes` });
}
