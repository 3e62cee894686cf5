import { randomUUID } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../src/db/migrate.ts';
import { citusUrl } from './citus.ts';
import { administer, databaseUrl, dropDatabase } from './server.ts';
import { startTemporaryPostgres, type TemporaryPostgres } from './temporary-postgres.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A database of the test server, to connect to as a role that can create databases. */
    databaseUrl: string;
    /** A migrated, empty database to copy. */
    templateDatabase: string;
  }
}

/** A PostgreSQL server, or the coordinator of a cluster, to use instead of an embedded one; its role must be allowed to create databases. */
const givenUrl = () => citusUrl ?? process.env['TEST_DATABASE_URL'];

/**
 * Starts PostgreSQL with a migrated template database. Vitest calls this once per project and calls the returned
 * function at the end. All projects of a run share the server that the first one starts.
 */
export default async function setup({
  vitest,
}: TestProject): Promise<(() => Promise<void>) | undefined> {
  const run = vitest.getRootProject();
  if (run.getProvidedContext().databaseUrl) return undefined;
  const given = givenUrl();
  const server = given ? { url: given, stop: () => Promise.resolve() } : await temporaryServer();
  const id = randomUUID().replaceAll('-', '');
  const template = `tasks_template_${id}`;
  const tearDown = async () => {
    // The databases of services that files shared, and the template. An embedded server goes with its databases.
    const statement = `select datname from pg_database where datname like '%${id}%'`;
    const databases = given ? await administer(server.url, statement) : [];
    for (const { datname } of databases) await dropDatabase(server.url, String(datname));
    await server.stop();
  };
  try {
    await administer(server.url, `create database ${template}`);
    await migrate(databaseUrl(server.url, template), { info: () => undefined });
  } catch (error) {
    await tearDown();
    throw error;
  }
  run.provide('databaseUrl', server.url);
  run.provide('templateDatabase', template);
  return tearDown;
}

async function temporaryServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const server = await startTemporaryPostgres();
  await forgetOnCrash(server);
  return server;
}

/** Turns off what makes data survive a crash of the machine. */
async function forgetOnCrash({ directory, pid }: TemporaryPostgres): Promise<void> {
  const settings = ['fsync', 'full_page_writes', 'synchronous_commit'];
  const lines = settings.map((name) => `${name} = off\n`).join('');
  await appendFile(join(directory, 'postgresql.auto.conf'), lines);
  process.kill(await pid(), 'SIGHUP');
}
