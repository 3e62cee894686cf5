import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import { generate } from 'selfsigned';

/** The paths of the service on an origin that it shares with the frontend. */
const SERVICE = /^\/(api\/(tasks|me|[^/]+\/tasks)|docs|openapi\.(yaml|json))([/?]|$)/;

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

/**
 * Starts a reverse proxy that serves the frontend and the service on one origin.
 *
 * @param options.secure whether the origin uses https, with a self-signed certificate
 */
export async function startOriginProxy({ secure = false } = {}): Promise<OriginProxy> {
  let targets: Targets | undefined;
  const scheme = secure ? 'https' : 'http';
  const handle = (incoming: IncomingMessage, response: ServerResponse) => {
    if (targets) forward(targets, scheme, incoming, response);
    else response.destroy();
  };
  const server = secure ? createSecureServer(await certificate(), handle) : createServer(handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `${scheme}://localhost:${(server.address() as AddressInfo).port}`,
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
  incoming: IncomingMessage,
  response: ServerResponse,
): void {
  const { method, url = '/', headers, socket } = incoming;
  const { hostname, port } = new URL(SERVICE.test(url) ? serviceUrl : frontendUrl);
  const outgoing = request({
    hostname,
    port,
    method,
    path: url,
    headers: {
      ...headers,
      'X-Forwarded-For': socket.remoteAddress,
      'X-Forwarded-Host': headers.host,
      'X-Forwarded-Proto': scheme,
    },
  });
  outgoing.on('response', (received) => {
    response.writeHead(received.statusCode ?? 502, received.rawHeaders);
    pipeline(received, response, () => undefined);
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
