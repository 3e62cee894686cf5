import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import '../http/request.ts';
import { logAuditEvent } from './audit-log.ts';
import type { Observer } from './finished-request.ts';

/**
 * Logs one line per request, when the response is sent or the connection is lost, and a second one for a security event; see
 * `logAuditEvent`. The URL is omitted, because a cursor in it can contain a title.
 *
 * @param observe is called for each request
 */
export function accessLog(log: Logger, observe?: Observer): RequestHandler {
  return (request, response, next) => {
    const start = performance.now();
    const { method } = request;
    response.once('close', () => {
      const seconds = (performance.now() - start) / 1000;
      const status = response.headersSent ? response.statusCode : undefined;
      const operationId = request.operation?.id;
      const { code, reason } = request.problem ?? {};
      const finished = { operationId, status, seconds, problemCode: code };
      log.info(
        {
          request_id: request.id,
          method,
          operationId,
          status,
          duration_ms: Math.round(seconds * 1_000_000) / 1000,
          user_id: request.caller?.id,
          reason,
          ...(!response.writableFinished && { aborted: true }),
        },
        'request',
      );
      logAuditEvent(log, request, finished);
      observe?.(finished);
    });
    next();
  };
}
