import {
  createServer,
  STATUS_CODES,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { problemBody } from './problem-reply.ts';
import { Problem } from './problem.ts';

const LINGER_MS = 1000;

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
  const closer = connectionCloser();
  server.on('request', closer.watch);
  server.on('request', listener);
  // Expectations other than 100-continue may be ignored (RFC 9110, section 10.1.1).
  server.on('checkExpectation', closer.watch);
  server.on('checkExpectation', listener);
  server.on('clientError', refuse);
  server.on('connect', (_request, socket) => {
    reject(socket, 'The service is no proxy');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: (patienceSeconds) => {
      closer.start();
      return close(server, patienceSeconds);
    },
  };
}

/**
 * Has all replies close their connections from its start on, those being made included. Else clients would keep them, and
 * meet a closed door at their next request.
 */
function connectionCloser(): { watch: RequestListener; start(): void } {
  const replies = new Set<ServerResponse>();
  let started = false;
  return {
    watch: (_request, response) => {
      if (started) response.shouldKeepAlive = false;
      replies.add(response);
      response.once('close', () => replies.delete(response));
    },
    start: () => {
      started = true;
      for (const response of replies) response.shouldKeepAlive = false;
    },
  };
}

async function close(server: Server, patienceSeconds: number): Promise<void> {
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
function refuse({ code }: NodeJS.ErrnoException, socket: Duplex): void {
  if (code === 'ECONNRESET') socket.destroy();
  else if (code === 'HPE_HEADER_OVERFLOW') reject(socket, 'The headers are too large');
  else if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    reject(socket, 'The request took too long to arrive');
  else reject(socket, 'The request is not valid HTTP');
}

/** Ends a connection with a malformed-request. */
function reject(socket: Duplex, detail: string): void {
  // The parser refuses every further part of what it refused already.
  if (!socket.writable) return;
  const id = uuid();
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
  // A caller who is still sending would lose the reply if the connection were cut at once.
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}
