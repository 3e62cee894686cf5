import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { extname, join } from 'node:path';
import { ConfigError } from '../errors/config-error.ts';
import type { Logger } from '../telemetry/log.ts';
import type { WorkerMessage } from './worker.ts';

/** A JavaScript file in the npm package, which contains no TypeScript. */
const WORKER = join(import.meta.dirname, `worker${extname(import.meta.filename)}`);
const MIN_RESTART_DELAY_MS = 100;
const MAX_RESTART_DELAY_MS = 30_000;

export interface Workers {
  readonly port: number;
  /** Sends SIGTERM to the workers and waits until they have shut down. */
  close(): Promise<void>;
}

interface Options {
  readonly count: number;
  /** Environment variables of the workers, in addition to those of this process. */
  readonly environment: Record<string, string>;
  readonly log: Logger;
}

/**
 * Starts several processes of the service, which share one port. A worker that exits is replaced; the delay doubles while
 * workers exit before they listen, up to 30 s.
 *
 * @throws {ConfigError} when a worker does not start; it has written the reason to standard error
 */
export async function startWorkers({ count, environment, log }: Options): Promise<Workers> {
  cluster.setupPrimary({ exec: WORKER });
  let closing = false;
  let delay = MIN_RESTART_DELAY_MS;
  const restarts = new Set<NodeJS.Timeout>();

  /** @param details why it has exited, for the log */
  const replace = (details: object): void => {
    if (closing) return;
    log.error({ ...details, delay_ms: delay }, 'worker exited');
    const restart = setTimeout(() => {
      restarts.delete(restart);
      void start().catch(() => undefined);
    }, delay);
    restarts.add(restart);
    delay = Math.min(2 * delay, MAX_RESTART_DELAY_MS);
  };

  const start = async (): Promise<number> => {
    const worker = fork();
    const { pid } = worker.process;
    worker.once('exit', (code: number | null, signal: string | null) => {
      replace({ pid, code, signal });
    });
    // Without a process there is no `exit`.
    worker.on('error', (err) => {
      if (pid === undefined) replace({ err });
    });
    const port = await portOf(worker);
    delay = MIN_RESTART_DELAY_MS;
    log.info({ pid }, 'worker started');
    return port;
  };

  const fork = (): Worker => {
    try {
      return cluster.fork(environment);
    } catch (err) {
      replace({ err });
      throw err;
    }
  };

  const close = async (): Promise<void> => {
    closing = true;
    for (const restart of restarts) clearTimeout(restart);
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    const exits = workers
      .filter((worker) => !worker.isDead())
      .map((worker) => once(worker, 'exit'));
    for (const worker of workers) worker.process.kill('SIGTERM');
    await Promise.all(exits);
  };

  try {
    const [port = 0] = await Promise.all(Array.from({ length: count }, start));
    return { port, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Waits until a worker listens. */
async function portOf(worker: Worker): Promise<number> {
  return new Promise((resolve, reject) => {
    // Metrics are messages as well.
    worker.on('message', ({ port }: Partial<WorkerMessage>) => {
      if (port !== undefined) resolve(port);
    });
    const failed = () => {
      reject(new ConfigError('WORKERS: a worker process did not start; see the message above'));
    };
    worker.once('exit', failed);
    worker.once('error', failed);
  });
}
