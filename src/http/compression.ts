import type { Request } from 'express';
import type { OutgoingHttpHeaders } from 'node:http';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { promisify } from 'node:util';

/** The length in bytes from which compression saves more than it costs: it needs about 40 µs of CPU time at this length. */
const MIN_LENGTH = 1024;

const brotliAsync = promisify(brotliCompress);
const gzipAsync = promisify(gzip);

/** The encodings, each at its fastest level. The client's order decides; without one, this. */
const encoders = {
  br: (body: Buffer) => brotliAsync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
  gzip: (body: Buffer) => gzipAsync(body, { level: 1 }),
};
const ENCODINGS = ['br', 'gzip'] as const;

/**
 * Chooses the encoding of a response from `Accept-Encoding` (RFC 9110, section 12.5.3). Short responses are not compressed, nor
 * those with an `ETag`: compressed, they would need another one (section 8.8.1).
 *
 * @returns undefined if the response is not compressed
 */
export function chooseEncoding(
  request: Request,
  headers: OutgoingHttpHeaders,
  length: number,
): keyof typeof encoders | undefined {
  if (length < MIN_LENGTH || headers['ETag'] !== undefined) return undefined;
  const accepted = request.acceptsEncodings(...ENCODINGS);
  return ENCODINGS.find((encoding) => encoding === accepted);
}

/** Compresses a body outside of the event loop's thread. */
export function compress(encoding: keyof typeof encoders, body: Buffer): Promise<Buffer> {
  return encoders[encoding](body);
}
