import { STATUS_CODES, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { randomUUIDv7 } from 'node:crypto';
import { problemBody } from './problem-response.ts';
import { Problem } from '../errors/problem.ts';

/** Closing at once would reset the connection of a client that is still sending, and so discard the response. */
const LINGER_MS = 1000;

const details: Record<string, string> = {
  HPE_HEADER_OVERFLOW: 'The request headers are too large',
  HPE_INVALID_METHOD: 'The request method is unknown',
  ERR_HTTP_REQUEST_TIMEOUT: 'Timed out while receiving the request',
};

/**
 * Sends a problem to clients whose request Node.js rejects before it reaches the pipeline: invalid HTTP, timeouts, CONNECT.
 */
export function handleClientErrors(server: Server, log: Logger): void {
  function reject(socket: Duplex, code: string, detail: string): void {
    // The parser reports an error for every further chunk of a rejected request.
    if (!socket.writable) return;
    const requestId = randomUUIDv7();
    log.info({ request_id: requestId, code, status: 400 }, 'connection rejected');
    socket.end(rawResponse(new Problem('malformed-request', { detail }), requestId));
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  }

  server.on('clientError', ({ code = '' }: NodeJS.ErrnoException, socket: Socket) => {
    // On an idle keep-alive connection, the client would read this response as that of its next request.
    const isIdle = code === 'ERR_HTTP_REQUEST_TIMEOUT' && socket.bytesWritten > 0;
    if (isIdle || code === 'ECONNRESET') socket.destroy();
    else reject(socket, code, details[code] ?? 'The request is not valid HTTP');
  });
  server.on('connect', (_request, socket) => {
    reject(socket, 'CONNECT', 'CONNECT is not supported');
  });
}

function rawResponse(problem: Problem, requestId: string): string {
  const body = problemBody(problem, requestId);
  const text = JSON.stringify(body);
  return [
    `HTTP/1.1 ${body.status} ${STATUS_CODES[body.status] ?? ''}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(text)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    `X-Request-Id: ${requestId}`,
    'Connection: close',
    '',
    text,
  ].join('\r\n');
}
