import { once } from 'node:events';
import type { Config } from '../config.ts';
import { ConfigError } from '../errors/config-error.ts';
import { createServer } from '../http/node-http.ts';
import type { Metrics } from './metrics.ts';

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

interface MetricsServer {
  /** For the service of this process; undefined if there are no metrics, or the worker processes have them. */
  readonly metrics: Metrics | undefined;
  close(): void;
}

/**
 * Serves `GET /metrics` for Prometheus, if `METRICS_PORT` is set: on a port of its own, so that it can be closed to the clients
 * of the service. With several worker processes, the metrics are those of all of them together.
 *
 * @throws {ConfigError} when the port cannot be used
 */
export async function startMetrics({
  host,
  metricsPort,
  workers,
}: Pick<Config, 'host' | 'metricsPort' | 'workers'>): Promise<MetricsServer> {
  if (metricsPort === undefined) return { metrics: undefined, close: () => undefined };
  // Without metrics, the library is not loaded.
  const { createMetrics, createClusterReader } = await import('./metrics.ts');
  const metrics = workers === 1 ? createMetrics() : undefined;
  const close = await serve(host, metricsPort, metrics?.read ?? createClusterReader());
  return { metrics, close };
}

async function serve(host: string, port: number, read: () => Promise<string>): Promise<() => void> {
  const server = createServer((request, response) => {
    request.resume();
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    read().then(
      (text) => response.writeHead(200, { 'Content-Type': CONTENT_TYPE }).end(text),
      () => response.writeHead(503).end(),
    );
  });
  try {
    server.listen(port, host);
    await once(server, 'listening');
    // The process ends with the service.
    server.unref();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError(`METRICS_PORT: ${port} cannot be used (${code}); choose another port`);
  }
  return () => {
    server.close();
    server.closeAllConnections();
  };
}
