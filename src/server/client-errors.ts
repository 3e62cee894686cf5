import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { randomUUIDv7 } from 'node:crypto';
import { Problem } from '../errors/problem.ts';
import { problemBody } from '../http/problem-response.ts';
import { STATUS_CODES } from '../http/node-http.ts';
import type { Observer } from '../telemetry/finished-request.ts';
import type { ConnectionLimits, Connections } from './connections.ts';

const details: Record<string, string> = {
  HPE_HEADER_OVERFLOW: 'The request headers are too large',
  HPE_INVALID_METHOD: 'The request method is unknown',
  ERR_HTTP_REQUEST_TIMEOUT: 'Timed out while receiving the request',
};

/**
 * Sends a problem to clients whose request Node.js rejects before it reaches the pipeline: invalid HTTP, timeouts, CONNECT.
 * It is sent after the responses to the earlier requests of the connection.
 */
export function handleClientErrors(
  server: Server,
  log: Logger,
  connections: Connections,
  limits: ConnectionLimits,
  observe?: Observer,
): void {
  const rejected = new WeakSet<Socket>();

  function reject(socket: Socket, code: string, detail: string): void {
    // The parser reports an error for every further chunk of a rejected request.
    if (rejected.has(socket)) return;
    rejected.add(socket);
    socket.pause();
    connections.afterResponses(socket, () => {
      if (!socket.writable) return;
      const requestId = randomUUIDv7();
      log.info({ request_id: requestId, code, status: 400 }, 'connection rejected');
      observe?.({
        operationId: undefined,
        status: 400,
        seconds: 0,
        problemCode: 'malformed-request',
      });
      socket.end(rawResponse(new Problem('malformed-request', { detail }), requestId));
      linger(socket, limits);
    });
  }

  server.on('clientError', ({ code = '' }: NodeJS.ErrnoException, socket: Socket) => {
    // On an idle connection, the client would read this response as that of its next request. Browsers also open connections
    // before they need them.
    const isIdle =
      code === 'ERR_HTTP_REQUEST_TIMEOUT' &&
      (socket.bytesRead === 0 || socket.bytesWritten > 0) &&
      !connections.isBusy(socket);
    if (isIdle || code === 'ECONNRESET') socket.destroy();
    else reject(socket, code, details[code] ?? 'The request is not valid HTTP');
  });
  server.on('connect', (_request, socket: Socket) => {
    // Node.js has removed its own listener.
    socket.setTimeout(server.timeout, () => socket.destroy());
    reject(socket, 'CONNECT', 'CONNECT is not supported');
  });
}

/**
 * Closes a connection when its client does, or at a limit. Closing it at once would reset it while the client is still
 * sending, and so discard the response.
 */
function linger(socket: Socket, { lingerBytes, lingerMs }: ConnectionLimits): void {
  let rest = lingerBytes;
  const timer = setTimeout(() => {
    socket.destroy();
  }, lingerMs);
  socket
    .on('data', (chunk: Buffer) => {
      rest -= chunk.length;
      if (rest < 0) socket.destroy();
    })
    .once('close', () => {
      clearTimeout(timer);
    })
    .resume();
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
    // The origin of the page is not known, and the response does not depend on it.
    'Access-Control-Allow-Origin: *',
    'Access-Control-Expose-Headers: X-Request-Id',
    'Connection: close',
    '',
    text,
  ].join('\r\n');
}
