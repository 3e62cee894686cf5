import {
  context,
  diag,
  DiagLogLevel,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';
import type { Request, RequestHandler } from 'express';
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../db/database.ts';
import '../http/request.ts';
import type { Logger } from './log.ts';

const STOP_TIMEOUT_MS = 2000;

/** Traces of OpenTelemetry: a span for each request and, within it, for each of its statements. */
export interface Tracing {
  /** Runs the rest of the pipeline in the span of the request, which continues the trace of a `traceparent` header. */
  readonly traceRequest: RequestHandler;
  /** Adds a span to each statement. The spans contain the text of the statement, without its values. */
  readonly traceStatements: (database: Database) => Database;
  /** Exports the last spans, within 2 s. */
  stop(): Promise<void>;
}

/**
 * Starts the SDK of OpenTelemetry, which reads its settings from the `OTEL_*` variables.
 *
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 * @param log gets a warning when spans cannot be exported
 */
export function startTracing(log: Pick<Logger, 'warn'>): Tracing {
  const warn = (problem: string) => {
    log.warn({ problem }, 'tracing');
  };
  const ignore = () => undefined;
  const sdk = new NodeSDK({ metricReaders: [], logRecordProcessors: [] });
  diag.setLogger(
    { error: warn, warn, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  sdk.start();
  const tracer = trace.getTracer('tasks-api');

  const traced = async <T>(query: { name?: string; sql: string }, run: () => Promise<T>) => {
    const attributes = {
      'db.system.name': 'postgresql',
      'db.query.summary': query.name ?? '',
      'db.query.text': query.sql,
    };
    const kind = SpanKind.CLIENT;
    return tracer.startActiveSpan(query.name ?? 'query', { kind, attributes }, async (span) => {
      try {
        return await run();
      } catch (error) {
        fail(span, error instanceof Error ? error.name : 'error');
        throw error;
      } finally {
        span.end();
      }
    });
  };

  return {
    traceRequest: (request, response, next) => {
      const parent = propagation.extract(context.active(), request.headers);
      const span = tracer.startSpan(request.method, { kind: SpanKind.SERVER }, parent);
      response.once('close', () => {
        const status = response.headersSent ? response.statusCode : undefined;
        describe(span, request, status);
        span.end();
      });
      context.with(trace.setSpan(parent, span), next);
    },
    traceStatements: (database) => ({
      ...database,
      one: (query) => traced(query, () => database.one(query)),
      maybeOne: (query) => traced(query, () => database.maybeOne(query)),
      any: (query) => traced(query, () => database.any(query)),
    }),
    stop: () =>
      Promise.race([sdk.shutdown(), delay(STOP_TIMEOUT_MS, undefined, { ref: false })]).catch(
        (error: unknown) => {
          warn(String(error));
        },
      ),
  };
}

/**
 * Names the span after its operation, and sets the attributes of OpenTelemetry's conventions for HTTP servers. The URL is omitted, as
 * in the log.
 *
 * @param status undefined if the connection was lost before
 */
function describe(span: Span, request: Request, status: number | undefined): void {
  const { operation, method, id, problem } = request;
  if (operation) {
    span.updateName(`${method} ${operation.path}`).setAttribute('http.route', operation.path);
  }
  span.setAttribute('http.request.method', method);
  span.setAttribute('http.response.header.x-request-id', [id]);
  if (status !== undefined) span.setAttribute('http.response.status_code', status);
  if (problem) span.setAttribute('error.type', problem.code);
  if (status === undefined || status >= 500) fail(span, problem?.code ?? 'aborted');
}

function fail(span: Span, type: string): void {
  span.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR });
}
