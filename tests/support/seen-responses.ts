import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Request, Response } from 'express';
import { afterAll } from 'vitest';
import '../../src/http/request.ts';
import { contractOutline } from './contract-outline.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** The responses of the services under test in a file, for example `getTask 404`. */
    responses?: string[];
  }
}

/** Node.js publishes every finished response of every server in this process on this channel. */
const CHANNEL = 'http.server.response.finish';

const seen = new Set<string>();
let routes: ReturnType<typeof readRoutes> | undefined;

subscribe(CHANNEL, record);
// eslint-disable-next-line no-empty-pattern -- vitest parses the pattern for fixtures
afterAll(({}, file) => {
  unsubscribe(CHANNEL, record);
  file.meta.responses = [...seen];
});

function record(message: unknown): void {
  const { request, response } = message as { request: Partial<Request>; response: Response };
  // Only responses of the service have this property.
  if ((response as Partial<Response>).commonHeaders === undefined) return;
  const operationId = operationOf(request as Request);
  if (operationId !== undefined) seen.add(`${operationId} ${response.statusCode}`);
}

/** The operation that the service has set; for requests that were rejected before routing, the one with this path and method. */
function operationOf(request: Request): string | undefined {
  if (request.operation) return request.operation.id;
  routes ??= readRoutes();
  const [path = ''] = request.originalUrl.split('?', 1);
  return routes.find((route) => route.method === request.method && route.path.test(path))
    ?.operationId;
}

const readRoutes = () =>
  contractOutline().map(({ operationId, method, path }) => ({
    operationId,
    method,
    path: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }));
