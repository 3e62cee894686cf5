import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Request, Response } from 'express';
import { afterAll } from 'vitest';
import '../../src/http/request.ts';
import { contractOutline } from './contract-outline.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** What the services under test have answered in a file, such as `getTask 404`. */
    responses?: string[];
  }
}

/** Node tells here of every response of every server of this process. */
const CHANNEL = 'http.server.response.finish';

const seen = new Set<string>();
let routes: ReturnType<typeof readRoutes> | undefined;

subscribe(CHANNEL, record);
// eslint-disable-next-line no-empty-pattern -- vitest looks at the pattern for the fixtures that it names
afterAll(({}, file) => {
  unsubscribe(CHANNEL, record);
  file.meta.responses = [...seen];
});

function record(message: unknown): void {
  const { request, response } = message as { request: Partial<Request>; response: Response };
  // Only the pipeline of the service prepares headers.
  if ((response as Partial<Response>).commonHeaders === undefined) return;
  const operationId = operationOf(request as Request);
  if (operationId !== undefined) seen.add(`${operationId} ${response.statusCode}`);
}

/** The operation that routing found; for a request that was rejected earlier, the operation that its path and method mean. */
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
