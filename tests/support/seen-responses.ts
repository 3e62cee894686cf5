import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Request, Response } from 'express';
import { afterAll } from 'vitest';
import { matchedOperation } from '../../src/http/match.ts';
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
  // No other server gives its requests ids and sends them back: what the pipeline did not answer does not count.
  if (request.id === undefined || response.getHeader('X-Request-Id') !== request.id) return;
  const operationId = operationOf(request as Request);
  if (operationId !== undefined) seen.add(`${operationId} ${response.statusCode}`);
}

/** The operation that the validator matched or, of a request that was refused before, the one that it was meant for. */
function operationOf(request: Request): string | undefined {
  const matched = matchedOperation(request)?.operationId;
  if (matched !== undefined) return matched;
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
