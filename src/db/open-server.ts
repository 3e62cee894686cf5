import type { Config } from '../config.ts';
import type { Logger } from '../telemetry/log.ts';
import { startEmbedded } from './embedded.ts';

/** A PostgreSQL to connect to. */
export interface DatabaseServer {
  readonly url: string;
  /** Lets go of it; an embedded one stops when nobody else uses it. */
  stop(): Promise<void>;
}

/** The PostgreSQL of the configuration, or an embedded one. */
export async function openServer(
  { databaseUrl, dataDir }: Config,
  log: Logger,
): Promise<DatabaseServer> {
  if (databaseUrl !== undefined) return { url: databaseUrl, stop: () => Promise.resolve() };
  const say = (message: string) => {
    log.info(message);
  };
  return startEmbedded({ dataDir, log: say });
}
