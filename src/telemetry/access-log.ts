import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import '../http/request.ts';

/**
 * Logs one line per request, when the response is sent or the connection is lost. The URL is omitted, because a cursor in
 * it can contain a title.
 */
export function accessLog(log: Logger): RequestHandler {
  return (request, response, next) => {
    const start = performance.now();
    const { method } = request;
    response.once('close', () => {
      log.info(
        {
          request_id: request.id,
          method,
          operationId: request.operation?.id,
          status: response.headersSent ? response.statusCode : undefined,
          duration_ms: Math.round((performance.now() - start) * 1000) / 1000,
          user_id: request.caller?.id,
          ...(!response.writableFinished && { aborted: true }),
        },
        'request',
      );
    });
    next();
  };
}
