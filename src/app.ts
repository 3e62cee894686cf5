import express, { type Express } from 'express';
import type { Authenticate } from './auth/authenticator.ts';
import { loadDocuments } from './docs/documents.ts';
import { serveDocs } from './docs/serve-docs.ts';
import { createBackend } from './http/backend.ts';
import { allowOrigins } from './http/cors.ts';
import { dispatch, type OperationHandler } from './http/dispatch.ts';
import { answerOptions, answerServerOptions } from './http/options.ts';
import { replyProblem } from './http/problem-response.ts';
import { selfCheck } from './http/self-check.ts';
import { requestId } from './http/request-id.ts';
import { securityHeaders } from './http/security-headers.ts';
import { validateContract } from './http/validation.ts';
import { wellFormed } from './http/well-formed.ts';
import type { Handlers } from './operations/handler.ts';
import type { Services } from './operations/services.ts';
import { accessLog } from './telemetry/access-log.ts';
import type { Logger } from './telemetry/log.ts';

interface Parts {
  readonly handlers: Handlers;
  readonly services: Services;
  readonly authenticate: Authenticate;
  readonly corsOrigins: string[];
  readonly log: Logger;
}

/**
 * The HTTP pipeline, in the order that a request meets it.
 *
 * @throws when the contract cannot be loaded
 */
export async function createApp({
  handlers,
  services,
  authenticate,
  corsOrigins,
  log,
}: Parts): Promise<Express> {
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
  app.use(wellFormed);
  app.use(answerServerOptions);
  app.use(serveDocs(documents));
  app.use(validation.all);
  app.use(dispatch(backend, bindServices(handlers, services)));
  app.use(answerOptions);
  app.use(replyProblem(log, backend));
  return app;
}

type UntypedHandler = (
  ...args: [...Parameters<OperationHandler>, Services]
) => ReturnType<OperationHandler>;

/** The handlers with their services. Validation guarantees that each request has the type its handler expects. */
function bindServices(handlers: Handlers, services: Services): Record<string, OperationHandler> {
  const untyped = Object.entries(handlers as unknown as Record<string, UntypedHandler>);
  return Object.fromEntries(
    untyped.map(([operationId, handler]) => [
      operationId,
      (request, caller) => handler(request, caller, services),
    ]),
  );
}
