import { STATUS_CODES, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { v7 as uuid } from 'uuid';
import { problemBody } from './problem-response.ts';
import { Problem } from '../errors/problem.ts';

/** A caller who is still sending would lose the reply if the connection were cut at once. */
const LINGER_MS = 1000;

const details: Record<string, string> = {
  HPE_HEADER_OVERFLOW: 'The headers are too large',
  HPE_INVALID_METHOD: 'The method is not known',
  ERR_HTTP_REQUEST_TIMEOUT: 'The request took too long to arrive',
};

/** Answers what never becomes a request, because Node's parser refuses it, with a problem all the same. */
export function refuseConnections(server: Server, log: Logger): void {
  function refuse(socket: Duplex, code: string, detail: string): void {
    // The parser refuses every further part of what it refused already.
    if (!socket.writable) return;
    const requestId = uuid();
    log.info({ request_id: requestId, code, status: 400 }, 'connection refused');
    socket.end(replyOf(new Problem('malformed-request', { detail }), requestId));
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  }

  server.on('clientError', ({ code = '' }: NodeJS.ErrnoException, socket: Socket) => {
    // A connection that had a reply would take this one for the next.
    const late = code === 'ERR_HTTP_REQUEST_TIMEOUT' && socket.bytesWritten > 0;
    if (late || code === 'ECONNRESET') socket.destroy();
    else refuse(socket, code, details[code] ?? 'The request is not valid HTTP');
  });
  server.on('connect', (_request, socket) => {
    refuse(socket, 'CONNECT', 'The service is no proxy');
  });
}

function replyOf(problem: Problem, requestId: string): string {
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
