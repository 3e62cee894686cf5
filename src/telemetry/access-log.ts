import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import '../http/request.ts';
import { auditEvent } from './audit-log.ts';
import type { Observer } from './finished-request.ts';

/**
 * Logs one line per request, when the response is sent or the connection is lost, and a second one, `audit`, for a security
 * event. The URL is omitted, because a cursor in it can contain a title.
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
      const request_id = request.id;
      const user_id = request.caller?.id;
      log.info(
        {
          request_id,
          method,
          operationId,
          status,
          duration_ms: Math.round(seconds * 1_000_000) / 1000,
          user_id,
          reason,
          ...(!response.writableFinished && { aborted: true }),
        },
        'request',
      );
      const event = auditEvent(finished);
      if (event !== undefined) {
        log.info({ request_id, event, operationId, code, reason, user_id }, 'audit');
      }
      observe?.(finished);
    });
    next();
  };
}
