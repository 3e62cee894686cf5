import { cleanUp } from './data.ts';
import type { BenchDatabase } from './database.ts';
import { fixtureOf } from './fixture.ts';
import { measure, type Measurement } from './load.ts';
import type { Plan, Step } from './plan.ts';
import { type RunningServer, startServer } from './running-server.ts';
import { type ServerKind, type ServerName, servers } from './servers.ts';
import { signToken } from './token.ts';
import { processCount, residentBytes } from './usage.ts';
import { requestsOf, type Work, type WorkName, works } from './works.ts';

/** A running server with a database of its own. */
export interface Contender extends AsyncDisposable {
  readonly name: ServerName;
  readonly startMs: readonly number[];
  supports(work: WorkName): boolean;
  measure(step: Step, seconds: number): Promise<Measurement>;
  /** Resident memory in bytes. */
  memory(): number;
}

/**
 * Installs and starts a server on a copy of the database `template`.
 *
 * @returns why it cannot run on this machine, if so
 * @throws if it does not start
 */
export async function startContender(
  name: ServerName,
  { starts }: Pick<Plan, 'starts'>,
  database: BenchDatabase,
  template: string,
): Promise<Contender | string> {
  const kind: ServerKind = servers[name];
  const obstacle = await kind.install?.();
  if (obstacle !== undefined) return obstacle;

  const ownDatabase = `${template}_${name.replaceAll('-', '_')}`;
  await database.copy(template, ownDatabase);
  const databaseUrl = database.url(ownDatabase);
  const serverUrl = kind.role ? await database.secure(ownDatabase, kind.role) : databaseUrl;
  const token = await signToken();
  const startMs: number[] = [];
  const start = async () => {
    const server = await startServer(kind, serverUrl, token);
    startMs.push(server.startMs);
    return server;
  };
  let server = await start();
  if (name === 'workers' && processCount(server.pid) === 1) {
    await server.stop();
    return 'the service does not support WORKERS';
  }
  while (startMs.length < starts) {
    await server.stop();
    server = await start();
  }
  try {
    return await contender(name, server, startMs, database.pid, databaseUrl);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function contender(
  name: ServerName,
  server: RunningServer,
  startMs: readonly number[],
  databasePid: number,
  databaseUrl: string,
): Promise<Contender> {
  const fixture = await fixtureOf(server.url, databaseUrl);
  const { without }: ServerKind = servers[name];
  return {
    name,
    startMs,
    supports: (work) => !without.includes(work),
    async measure({ work: workName, connections }, seconds) {
      const work: Work = works[workName];
      const measurement = await measure({
        url: server.url,
        connections,
        seconds,
        statuses: work.statuses,
        requestsOf: (connection) => requestsOf(work, fixture, connection, connections),
        serverPid: server.pid,
        databasePid,
      });
      if (work.writes) await cleanUp(databaseUrl);
      return measurement;
    },
    memory: () => residentBytes(server.pid),
    [Symbol.asyncDispose]: () => server.stop(),
  };
}
