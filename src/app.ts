import express, { type Express } from 'express';
import type { Authenticate } from './auth/authenticator.ts';
import { loadDocuments } from './docs/documents.ts';
import { serveDocs } from './docs/serve-docs.ts';
import { createBackend } from './http/backend.ts';
import { allowOrigins } from './http/cors.ts';
import { dispatch, type OperationHandler } from './http/dispatch.ts';
import { normalizeRequest } from './http/normalize-request.ts';
import { respondToOptions, respondToServerOptions } from './http/options.ts';
import { sendProblem } from './http/problem-response.ts';
import { selfCheck } from './http/self-check.ts';
import { requestId } from './http/request-id.ts';
import { securityHeaders } from './http/security-headers.ts';
import { validateContract } from './http/validation.ts';
import type { Handlers } from './operations/handler.ts';
import type { Services } from './operations/services.ts';
import { accessLog } from './telemetry/access-log.ts';
import type { Logger } from './telemetry/log.ts';

interface Options {
  readonly handlers: Handlers;
  readonly services: Services;
  readonly authenticate: Authenticate;
  readonly corsOrigins: string[];
  readonly log: Logger;
}

/**
 * Creates the HTTP pipeline. A request runs through its middleware from top to bottom.
 *
 * @throws when the contract cannot be loaded, contradicts its examples, or has an operation without a handler
 */
export async function createApp({
  handlers,
  services,
  authenticate,
  corsOrigins,
  log,
}: Options): Promise<Express> {
  const backend = await createBackend();
  const validation = validateContract(authenticate);
  await selfCheck(backend, validation);
  const documents = await loadDocuments();

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.set('query parser', 'simple');

  app.use(requestId);
  app.use(accessLog(log));
  app.use(securityHeaders);
  app.use(allowOrigins(corsOrigins));
  app.use(normalizeRequest);
  app.use(respondToServerOptions);
  app.use(serveDocs(documents));
  app.use(validation.all);
  app.use(dispatch(backend, bindServices(handlers, services)));
  app.use(respondToOptions);
  app.use(sendProblem(log, backend));
  return app;
}

type UntypedHandler = (
  ...args: [...Parameters<OperationHandler>, Services]
) => ReturnType<OperationHandler>;

/** Passes the services to each handler. The cast is safe: validation ensures that a request has the type of its operation. */
function bindServices(handlers: Handlers, services: Services): Record<string, OperationHandler> {
  const untyped = Object.entries(handlers as unknown as Record<string, UntypedHandler>);
  return Object.fromEntries(
    untyped.map(([operationId, handler]) => [
      operationId,
      (request, caller) => handler(request, caller, services),
    ]),
  );
}
