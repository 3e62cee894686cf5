import type { Request, RequestHandler, Response } from 'express';
import { parseJson } from './json.ts';
import { Problem } from '../errors/problem.ts';
import './request.ts';

const MAX_BODY_BYTES = 64 * 1024;
const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);
const JSON_TYPES = new Set(['application/json', 'application/merge-patch+json']);

/** Replaces every unsupported media type: the validator caches a validator per media type, without a limit. */
const UNSUPPORTED = 'application/octet-stream';

/**
 * Reads and parses the JSON body, up to the size limit of 64 KiB. Bodies of other methods and of unsupported media types
 * are not read. Exception: a chunked body, which may turn out to be empty.
 *
 * @throws {Problem} body-too-large, malformed-request
 */
export const readBody: RequestHandler = async (request, response, next) => {
  const contentType = bareMediaType(request);
  delete request.headers['content-type'];
  if (METHODS_WITH_BODY.has(request.method) && hasBody(request)) {
    if (JSON_TYPES.has(contentType)) {
      const bytes = await readBytes(request, response);
      // The length of a chunked body is known only after reading it.
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

/** The media type in lower case and without parameters; `UNSUPPORTED` if the body is compressed or not in UTF-8. */
function bareMediaType({ headers }: Request): string {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';');
  const utf8 = parameters
    .map((text) => text.trim())
    .every((text) => !text.startsWith('charset=') || /^charset="?utf-?8"?$/.test(text));
  const plain = (headers['content-encoding'] ?? 'identity').toLowerCase() === 'identity';
  return utf8 && plain ? type.trim() : UNSUPPORTED;
}

async function readBytes(request: Request, response: Response): Promise<Uint8Array> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  // Only now is it certain that the body will be read (RFC 9110, section 10.1.1).
  if (request.headers.expect?.toLowerCase() === '100-continue') response.writeContinue();
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    // Destroying the stream would close the connection before the error response is sent.
    const stream = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    for await (const chunk of stream) {
      length += chunk.length;
      if (length > MAX_BODY_BYTES) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw new Problem('malformed-request', { detail: 'The request body is incomplete', cause });
  }
  return Buffer.concat(chunks);
}

function tooLarge(): Problem {
  return new Problem('body-too-large', {
    detail: `The body is larger than ${MAX_BODY_BYTES} bytes`,
  });
}
