import express, { type Express, type RequestHandler } from 'express';
import type { RequestListener } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Authenticator } from './auth/authenticator.ts';
import { loadContract } from './contract.ts';
import { loadDocuments } from './docs/documents.ts';
import { serveDocs } from './docs/serve-docs.ts';
import { Problem } from './errors/problem.ts';
import { createCommonHeaders, setCommonHeaders } from './http/common-headers.ts';
import { createMessageClasses, type MessageClasses } from './http/message-classes.ts';
import { normalizeRequest, pathOf } from './http/normalize-request.ts';
import { addHandlers, runOperations, type OperationHandler } from './http/operation.ts';
import { respondToOptions, respondToServerOptions } from './http/options.ts';
import { sendProblem } from './http/problem-response.ts';
import { setPublicPrefix } from './http/public-prefix.ts';
import { requestId } from './http/request-id.ts';
import { withoutPort } from './net/client-network.ts';
import type { Handlers } from './operations/handler.ts';
import type { Services } from './operations/services.ts';
import type { RateLimits } from './rate-limits/rate-limits.ts';
import { clientOf } from './server/client-identity.ts';
import { limitLoad } from './server/load-limit.ts';
import { takeTurns } from './server/take-turns.ts';
import { accessLog } from './telemetry/access-log.ts';
import type { Observer } from './telemetry/finished-request.ts';
import type { Logger } from './telemetry/log.ts';
import type { Tracing } from './telemetry/tracing.ts';
import { loadOperations } from './validation/contract-validator.ts';

/** The delay of the check of the contract, so that it does not slow down clients that have waited for the start. */
const FIRST_RESPONSES_MS = 100;

interface Options {
  readonly handlers: Handlers;
  readonly services: Services;
  readonly authenticator: Authenticator;
  readonly rateLimits: RateLimits;
  readonly corsOrigins: string[];
  /** The proxies whose `X-Forwarded-…` headers are trusted: IP addresses and networks. */
  readonly trustedProxies: string[];
  /** The URL of the service for clients. */
  readonly publicUrl?: string | undefined;
  readonly log: Logger;
  /** Called for each request when it is finished. */
  readonly observe?: Observer | undefined;
  readonly tracing?: Tracing | undefined;
}

interface App {
  readonly app: RequestListener;
  /** Those of the requests and responses that `app` gets. */
  readonly messageClasses: MessageClasses;
  /** Whether an address is that of a trusted proxy. */
  readonly isTrusted: (address: string) => boolean;
  /** Validates the contract and compiles all validators; see `selfCheck`. Only this loads what it needs. */
  readonly checkContract: () => Promise<void>;
}

/**
 * Creates the HTTP pipeline. Below the load limit, a request runs through its middleware from top to bottom.
 *
 * @throws when the contract cannot be loaded, or has an operation without a handler
 */
export function createApp({
  handlers,
  services,
  authenticator,
  rateLimits,
  corsOrigins,
  trustedProxies,
  publicUrl,
  log,
  observe,
  tracing,
}: Options): App {
  const operations = addHandlers(
    loadOperations(loadContract(), authenticator.authenticate),
    bindServices(handlers, services),
  );

  const commonHeaders = createCommonHeaders(corsOrigins);
  const app = express();
  app.disable('x-powered-by');
  setTrustedProxies(app, trustedProxies);

  app.use(requestId);
  app.use(accessLog(log, observe));
  if (tracing) app.use(tracing.traceRequest);
  app.use(setCommonHeaders(commonHeaders));
  app.use(normalizeRequest);
  app.use(setPublicPrefix(publicUrl));
  app.use(runOperations(operations, rateLimits));
  app.use(
    serveDocs((port) =>
      publicUrl === undefined
        ? loadDocuments(`http://localhost:${port}`, './')
        : loadDocuments(publicUrl),
    ),
  );
  app.use(respondToServerOptions);
  app.use(rejectUnknownPath);
  app.use(respondToOptions);
  app.use(sendProblem(log));
  const isTrusted = app.get('trust proxy fn') as IsTrusted;
  return {
    messageClasses: createMessageClasses(app),
    isTrusted: (address) => isTrusted(address, 0),
    app: limitLoad({
      listener: takeTurns((request, response) => {
        request.url = pathOf(request.url ?? '');
        app(request, response);
      }),
      clientOf: clientOf(authenticator),
      commonHeaders,
      log,
      observe,
    }),
    checkContract: async () => {
      await delay(FIRST_RESPONSES_MS);
      const { selfCheck } = await import('./validation/self-check.ts');
      await selfCheck(loadContract(), operations);
    },
  };
}

type IsTrusted = (address: string, hop: number) => boolean;

/** Some proxies add the port to an address in `X-Forwarded-For`, which Express does not remove. */
function setTrustedProxies(app: Express, trustedProxies: readonly string[]): void {
  app.set('trust proxy', trustedProxies);
  const isTrusted = app.get('trust proxy fn') as IsTrusted;
  app.set('trust proxy', (address: string, hop: number) => isTrusted(withoutPort(address), hop));
}

const rejectUnknownPath: RequestHandler = () => {
  throw new Problem('not-found');
};

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
