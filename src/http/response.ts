import type { Request, Response } from 'express';
import type { OutgoingHttpHeaders } from 'node:http';
import { chooseEncoding, compress } from './compression.ts';
import './request.ts';

/**
 * Sends a response in one write: the common headers, the headers of the response, and its body.
 *
 * @param headers override the common ones; with a body, they contain `Content-Type`
 */
export function send(
  request: Request,
  response: Response,
  status: number,
  headers: OutgoingHttpHeaders,
  body?: string | Buffer,
): void {
  const length = body === undefined ? 0 : Buffer.byteLength(body);
  response.writeHead(status, {
    'X-Request-Id': request.id,
    ...response.commonHeaders,
    ...response.rateLimitHeaders,
    ...headers,
    // Also sent for HEAD, whose response has no body.
    ...(body !== undefined && { 'Content-Length': length }),
  });
  // ASCII is the same in both encodings. Node.js writes it faster as Latin-1.
  response.end(body, length === body?.length ? 'latin1' : 'utf8');
}

/**
 * Sends a JSON response, compressed if that saves more than it costs; without a body if `body` is undefined.
 *
 * @param body a value to serialise, or JSON that is serialised already
 */
export async function sendJson(
  request: Request,
  response: Response,
  status: number,
  headers: OutgoingHttpHeaders,
  body: unknown,
): Promise<void> {
  if (body === undefined) {
    send(request, response, status, headers);
    return;
  }
  const typed = { 'Content-Type': 'application/json; charset=utf-8', ...headers };
  const json = Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const encoding = chooseEncoding(request, headers, json.length);
  if (encoding === undefined) {
    send(request, response, status, typed, json);
    return;
  }
  const compressed = await compress(encoding, Buffer.from(json));
  send(request, response, status, { ...typed, 'Content-Encoding': encoding }, compressed);
}
