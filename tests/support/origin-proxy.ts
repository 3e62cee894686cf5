import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import { generate } from 'selfsigned';

/** The paths of the service at a URL that it shares with the frontend. */
const SERVICE = /^\/(api\/(tasks|me|[^/]+\/tasks)|docs|openapi\.(yaml|json))([/?]|$)/;

interface Options {
  /** Whether the origin uses https, with a self-signed certificate. */
  readonly secure?: boolean;
  /** The path below which the application is served, such as `/todo`; the response to other paths is 404. */
  readonly prefix?: string;
}

interface Targets {
  readonly serviceUrl: string;
  readonly frontendUrl: string;
}

export interface OriginProxy {
  readonly url: string;
  /** Sets the targets. Before, the proxy closes connections without a response. */
  forwardTo(targets: Targets): void;
  stop(): Promise<void>;
}

/** Starts a reverse proxy that serves the frontend and the service at one URL. It removes the prefix for the service only. */
export async function startOriginProxy({
  secure = false,
  prefix = '',
}: Options = {}): Promise<OriginProxy> {
  let targets: Targets | undefined;
  const scheme = secure ? 'https' : 'http';
  const handle = (incoming: IncomingMessage, response: ServerResponse) => {
    if (!targets) response.destroy();
    else if (incoming.url?.startsWith(prefix)) forward(targets, scheme, prefix, incoming, response);
    else response.writeHead(404).end();
  };
  const server = secure ? createSecureServer(await certificate(), handle) : createServer(handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `${scheme}://localhost:${(server.address() as AddressInfo).port}${prefix}`,
    forwardTo(next) {
      targets = next;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function forward(
  { serviceUrl, frontendUrl }: Targets,
  scheme: string,
  prefix: string,
  incoming: IncomingMessage,
  response: ServerResponse,
): void {
  const { method, url = '/', headers, socket } = incoming;
  const servicePath = url.slice(prefix.length);
  const isService = SERVICE.test(servicePath);
  const { hostname, port } = new URL(isService ? serviceUrl : frontendUrl);
  const outgoing = request({
    hostname,
    port,
    method,
    path: isService ? servicePath : url,
    headers: {
      ...headers,
      'X-Forwarded-For': socket.remoteAddress,
      'X-Forwarded-Host': headers.host,
      'X-Forwarded-Proto': scheme,
    },
  });
  outgoing.on('response', (received) => {
    if (response.destroyed) return received.destroy();
    response.writeHead(received.statusCode ?? 502, received.rawHeaders);
    return pipeline(received, response, () => undefined);
  });
  outgoing.on('error', () => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end();
  });
  pipeline(incoming, outgoing, () => undefined);
}

async function certificate(): Promise<{ key: string; cert: string }> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
  });
  return { key, cert };
}
