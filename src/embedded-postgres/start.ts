import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ConfigError } from '../errors/config-error.ts';
import { openDataDirectory } from './data-directory.ts';
import { tryLock, withLock } from './lock.ts';
import { ensureServer, isListening, stopServer } from './server.ts';
import { watchServer } from './watch.ts';

interface Options {
  /** Contains the data (`postgres/`) and two lock files; created if it does not exist. */
  dataDir: string;
  log: (message: string) => void;
  /** Logs that the server has ended unexpectedly, and what follows; by default `log`. */
  warn?: (message: string) => void;
}

interface EmbeddedServer {
  /** The URL of the database `tasks`, for its owner, who may also create databases. */
  readonly url: string;
  /** Rejects with the reason when the server has ended five times within a minute. Never resolves. */
  readonly failed: Promise<never>;
  /** Stops the server, unless another service uses it. Repeated calls have no effect. */
  stop(): Promise<void>;
}

/**
 * Provides a PostgreSQL from npm, for development and tests: the server that runs on the data directory, or else a new one.
 *
 * Services can share a data directory. Each holds a shared lock while it uses the server. When it stops and can make that lock
 * exclusive, it is the last one and stops the server. A service that is killed releases its lock; the server continues to run,
 * and the next service uses it. Another lock lets only one service at a time start or stop.
 *
 * While a service uses the server, it watches it: a server that exits is restarted on the same port, until it has exited five
 * times within a minute.
 *
 * @throws {ConfigError} if this machine or the data directory cannot be used
 * @throws {Error} with PostgreSQL's reason, if the server does not start
 */
export async function startEmbedded({
  dataDir,
  log,
  warn = log,
}: Options): Promise<EmbeddedServer> {
  const directory = resolve(dataDir);
  await prepare(directory);
  const startLock = join(directory, 'postgres.start.lock');
  const useLock = join(directory, 'postgres.use.lock');

  return withLock(startLock, async () => {
    const data = await openDataDirectory(directory, log);
    const url = await ensureServer(data);
    const release = tryLock(useLock, 'shared');
    const stopping = new AbortController();
    const port = Number(new URL(url).port);
    const restart = () =>
      withLock(startLock, async () => {
        if (stopping.signal.aborted) return;
        const running = await ensureServer(data, port);
        if (running !== url) throw new Error(`PostgreSQL has moved to ${new URL(running).host}`);
      });
    const failed = watchServer({
      isRunning: () => isListening(port),
      restart,
      warn,
      signal: stopping.signal,
    }).then(() => new Promise<never>(() => undefined));
    // A command that does not await it fails when it uses the database.
    failed.catch(() => undefined);
    const stop = async () => {
      release?.();
      const releaseLast = tryLock(useLock, 'exclusive');
      if (releaseLast) await stopServer(data).finally(releaseLast);
    };
    let stopped: Promise<void> | undefined;
    return {
      url,
      failed,
      stop: () => {
        stopping.abort();
        return (stopped ??= withLock(startLock, stop).catch((error: unknown) => {
          log(`PostgreSQL in ${data.path} was not stopped: ${String(error)}`);
        }));
      },
    };
  });
}

async function prepare(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new ConfigError(
      `DATA_DIR: ${directory} cannot be used (${reason}); choose another directory`,
      { cause },
    );
  }
}
