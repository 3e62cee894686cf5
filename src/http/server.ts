import { createServer, STATUS_CODES, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { problemBody } from './problem-reply.ts';
import { Problem } from './problem.ts';

export interface HttpServer {
  readonly port: number;
  /** Takes no more connections, lets requests in flight finish for so many seconds, then ends them. */
  close(patienceSeconds: number): Promise<void>;
}

/** Listens for HTTP. Rejects with the error of `listen`, such as EADDRINUSE. */
export async function listen(
  listener: RequestListener,
  host: string,
  port: number,
): Promise<HttpServer> {
  const server = createServer({
    // A missing Host is refused further on, with a problem.
    requireHostHeader: false,
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    // Longer than proxies keep their idle connections, which is 60 seconds as a rule.
    keepAliveTimeout: 65_000,
  });
  server.on('request', listener);
  // Expectations other than 100-continue may be ignored (RFC 9110, section 10.1.1).
  server.on('checkExpectation', listener);
  server.on('clientError', refuse);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: (patienceSeconds) => close(server, patienceSeconds),
  };
}

async function close(server: Server, patienceSeconds: number): Promise<void> {
  // Else clients would keep their connections, and meet a closed door at their next request.
  server.prependListener('request', (_request, response) => {
    response.shouldKeepAlive = false;
  });
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const patience = new AbortController();
  await Promise.race([
    closed,
    delay(patienceSeconds * 1000, undefined, { signal: patience.signal }).catch(() => undefined),
  ]);
  patience.abort();
  server.closeAllConnections();
  await closed;
}

/** Answers what Node's parser refuses, before there is a request, with a problem all the same. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const id = uuid();
  const detail =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? 'The headers are too large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? 'The request took too long to arrive'
        : 'The request is not valid HTTP';
  const body = problemBody(new Problem('malformed-request', { detail }), id);
  const text = JSON.stringify(body);
  socket.end(
    [
      `HTTP/1.1 ${body.status} ${STATUS_CODES[body.status] ?? ''}`,
      'Content-Type: application/problem+json',
      `Content-Length: ${Buffer.byteLength(text)}`,
      'Cache-Control: no-store',
      `X-Request-Id: ${id}`,
      'Connection: close',
      '',
      text,
    ].join('\r\n'),
  );
}
