import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../../src/embedded-postgres/start.ts';

export interface TemporaryPostgres {
  /** The URL of the database `tasks`, for its owner. */
  readonly url: string;
  /** The data directory. */
  readonly directory: string;
  /** The process id of the server, which changes when it is started again. */
  readonly pid: () => Promise<number>;
  stop(): Promise<void>;
}

/**
 * Starts an embedded PostgreSQL with a temporary data directory. If it ends, it is started again on the same port.
 *
 * @param parent the directory of the data directory
 */
export async function startTemporaryPostgres(parent = tmpdir()): Promise<TemporaryPostgres> {
  const dataDir = await mkdtemp(join(parent, 'tasks-api-'));
  // When the tests run as root, the server runs as another user.
  await chmod(dataDir, 0o755);
  const server = await startEmbedded({ dataDir, log: () => undefined });
  const directory = join(dataDir, 'postgres');
  return {
    url: server.url,
    directory,
    pid: async () => Number.parseInt(await readFile(join(directory, 'postmaster.pid'), 'utf8')),
    stop: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, maxRetries: 5 });
    },
  };
}
