import {
  AggregatorRegistry,
  collectDefaultMetrics,
  Counter,
  Gauge,
  Histogram,
  Registry,
} from 'prom-client';
import type { DatabaseUse } from '../db/execution/lane.ts';
import type { RateLimits } from '../rate-limits/rate-limits.ts';
import type { FinishedRequest, Observer } from './finished-request.ts';

/** In seconds, from a response without a statement to the time limit of a statement. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const PREFIX = 'tasks_';

/** What the metrics read when they are requested. */
export interface MetricsSources {
  readonly database: () => DatabaseUse;
  readonly tokenCache: { readonly hits: number; readonly misses: number };
  readonly revocations: { readonly size: number };
  readonly rateLimits: RateLimits;
}

/** The metrics of this process, for Prometheus. */
export interface Metrics {
  readonly observe: Observer;
  /** Adds the metrics of the service, and those of Node.js: event-loop delay, garbage collection, memory, CPU time. */
  readonly start: (sources: MetricsSources) => void;
  /** Returns all metrics as text. */
  readonly read: () => Promise<string>;
}

/** Creates the metrics of this process. A worker process sends them to its primary process. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  AggregatorRegistry.setRegistries(registry);
  // In a worker process, this responds to the primary process.
  new AggregatorRegistry();

  const durations = new Histogram({
    name: `${PREFIX}request_duration_seconds`,
    help: 'Duration of requests, by operation and status',
    labelNames: ['operation', 'status'],
    buckets: BUCKETS,
    registers,
  });
  const rejectedTokens = new Counter({
    name: `${PREFIX}rejected_tokens_total`,
    help: 'Requests that were rejected because of their token, by error code',
    labelNames: ['reason'],
    registers,
  });

  const gauge = (
    name: string,
    help: string,
    value: () => number,
    aggregator: 'sum' | 'max' = 'sum',
  ) =>
    new Gauge({
      name: PREFIX + name,
      help,
      aggregator,
      registers,
      collect() {
        this.set(value());
      },
    });
  const counter = (name: string, help: string, value: () => number) =>
    new Counter({
      name: PREFIX + name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(value());
      },
    });

  return {
    observe({ operationId = 'none', status, seconds, problemCode }: FinishedRequest) {
      durations.observe({ operation: operationId, status: status ?? 'aborted' }, seconds);
      if (status === 401) rejectedTokens.inc({ reason: problemCode ?? 'unknown' });
    },
    start({ database, tokenCache, revocations, rateLimits }) {
      collectDefaultMetrics({ register: registry });
      gauge('database_connections', 'Database connections', () => database().connections);
      gauge('database_statements_running', 'Statements in the database', () => database().running);
      gauge(
        'database_statements_waiting',
        'Statements that wait for a database connection',
        () => database().waiting,
      );
      counter('token_cache_hits_total', 'Tokens found in the cache', () => tokenCache.hits);
      counter('token_cache_misses_total', 'Tokens verified', () => tokenCache.misses);
      counter(
        'user_limit_exceeded_total',
        'Requests that were rejected because their user had sent too many',
        () => rateLimits.perUser?.exceeded ?? 0,
      );
      counter(
        'invalid_token_limit_exceeded_total',
        'Requests that were rejected because their address had sent too many invalid tokens',
        () => rateLimits.perAddress?.exceeded ?? 0,
      );
      // Each worker process has the revocations of all.
      gauge('revocations', 'Users whose earlier tokens are revoked', () => revocations.size, 'max');
    },
    read: () => registry.metrics(),
  };
}

/** Returns the metrics of all worker processes together, as text. */
export function createClusterReader(): () => Promise<string> {
  const registry = new AggregatorRegistry();
  return () => registry.clusterMetrics();
}
