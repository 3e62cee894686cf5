import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { useServer } from './use-server.ts';

/**
 * What the proxy does with a request: forwards it (`pass`), drops the request or its response, sends half of the response, or
 * never responds. With a status, the proxy itself responds; if `done`, it forwards the request first.
 */
export type Fault =
  | 'lose the request'
  | 'lose the response'
  | 'cut the response'
  | 'hang'
  | 'pass'
  | {
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: string;
      readonly done?: boolean;
    };

export interface FaultyServer {
  readonly url: string;
  /** The faults of the next requests, in order; later requests are forwarded. */
  readonly faults: Fault[];
  /** The received requests. `line` is the method and the path. */
  readonly requests: { readonly line: string; readonly headers: IncomingMessage['headers'] }[];
  stop(): Promise<void>;
}

/** A fault-injecting proxy for the tests of a file or a `describe` block. */
export const useFaultyServer = (target: () => string, onHang?: () => void): FaultyServer =>
  useServer(() => startFaultyServer(target(), onHang));

/**
 * Starts a proxy that injects faults into the requests to a service.
 *
 * @param onHang called when the proxy has received a request that it does not respond to
 */
export async function startFaultyServer(
  target: string,
  onHang: () => void = () => undefined,
): Promise<FaultyServer> {
  const faults: Fault[] = [];
  const requests: FaultyServer['requests'] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    requests.push({ line: `${method} ${url}`, headers });
    const fault = faults.shift() ?? 'pass';
    if (fault === 'hang') request.resume().on('end', onHang);
    else respond(target, fault, request, response).catch(() => request.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    requests,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function respond(
  target: string,
  fault: Exclude<Fault, 'hang'>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await buffer(request);
  if (typeof fault === 'object') {
    if (fault.done) await forward(target, request, body);
    response.writeHead(fault.status, fault.headers).end(fault.body);
    return;
  }
  if (fault === 'lose the request') {
    request.socket.destroy();
    return;
  }
  const received = await forward(target, request, body);
  if (fault === 'lose the response') {
    request.socket.destroy();
    return;
  }
  const content = Buffer.from(await received.arrayBuffer());
  response.writeHead(received.status, Object.fromEntries(received.headers));
  if (fault === 'cut the response') {
    response.write(content.subarray(0, content.length / 2), () => request.socket.destroy());
  } else {
    response.end(content);
  }
}

function forward(target: string, { method, url, headers }: IncomingMessage, body: Buffer) {
  // `fetch` sets these itself, and decodes the response, whose headers are forwarded.
  const own = ['host', 'connection', 'content-length', 'accept-encoding'];
  const others = Object.entries(headers).filter(([name]) => !own.includes(name));
  return fetch(`${target}${url ?? ''}`, {
    method: method ?? 'GET',
    headers: { ...Object.fromEntries(others), 'Accept-Encoding': 'identity' } as Record<
      string,
      string
    >,
    ...(body.length > 0 && { body: new Uint8Array(body) }),
  });
}
