import type { IncomingMessage, ServerResponse } from 'node:http';
import { extendDeadline } from '../deadlines/request-deadline.ts';
import { parseJson } from './json.ts';
import { Problem } from '../errors/problem.ts';
import { hasBody, isChunked } from './unread-body.ts';

const MAX_BODY_BYTES = 64 * 1024;

/**
 * Reads and parses the JSON body, up to the size limit of 64 KiB. A body of an unsupported media type is not read.
 * Exception: a chunked body, which may turn out to be empty. The body of an operation without one is ignored.
 *
 * @param mediaTypes the media types of the operation, such as `application/json`; empty for an operation without a body
 * @returns undefined if there is no body
 * @throws {Problem} body-too-large, malformed-request, unsupported-media-type
 */
export async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  mediaTypes: ReadonlySet<string>,
): Promise<{ mediaType: string; value: unknown } | undefined> {
  if (mediaTypes.size === 0 || !hasBody(request)) return undefined;
  const mediaType = mediaTypeOf(request);
  const isSupported = mediaType !== undefined && mediaTypes.has(mediaType);
  if (!isSupported && !isChunked(request)) throw new Problem('unsupported-media-type');
  const bytes = await readBytes(request, response);
  // The length of a chunked body is known only after reading it.
  if (bytes.length === 0) return undefined;
  if (!isSupported) throw new Problem('unsupported-media-type');
  return { mediaType, value: parseJson(bytes) };
}

/** The media type in lower case and without parameters; undefined if the body is compressed or not in UTF-8. */
function mediaTypeOf({ headers }: IncomingMessage): string | undefined {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';');
  const utf8 = parameters
    .map((text) => text.trim())
    .every((text) => !text.startsWith('charset=') || /^charset="?utf-?8"?$/.test(text));
  const plain = (headers['content-encoding'] ?? 'identity').toLowerCase() === 'identity';
  return utf8 && plain ? type.trim() : undefined;
}

async function readBytes(request: IncomingMessage, response: ServerResponse): Promise<Uint8Array> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  // Only now is it certain that the body will be read (RFC 9110, section 10.1.1).
  const { headers, httpVersion } = request;
  if (headers.expect?.toLowerCase() === '100-continue' && httpVersion !== '1.0')
    response.writeContinue();
  const start = performance.now();
  // The limit of requests in progress (`load-limit.ts`) does not count those that wait for their client.
  response.emit('waiting');
  const bytes = await untilEnd(request);
  response.emit('working');
  // The server limits the time of a slow client; this time is not deducted from the deadline of the request.
  extendDeadline(performance.now() - start);
  return bytes;
}

/** Does not use an iterator of the stream, which takes longer than the rest of the work for a short body. */
function untilEnd(request: IncomingMessage): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const fail = () => {
      reject(new Problem('malformed-request', { detail: 'The request body is incomplete' }));
    };
    if (request.destroyed) fail();
    request
      .on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > MAX_BODY_BYTES) reject(tooLarge());
        else chunks.push(chunk);
      })
      .on('end', () => {
        request.off('close', fail);
        resolve(Buffer.concat(chunks));
      })
      .on('close', fail);
  });
}

function tooLarge(): Problem {
  return new Problem('body-too-large', {
    detail: `The body is larger than ${MAX_BODY_BYTES} bytes`,
  });
}
