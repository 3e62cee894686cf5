import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '../../src/embedded-postgres/start.ts';
import { migrate } from '../../src/db/migrate.ts';
import { administer, databaseUrl, dropDatabase } from './server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A database to connect to as the role that may create others. */
    databaseUrl: string;
    /** A migrated, empty database to copy. */
    templateDatabase: string;
  }
}

/** A PostgreSQL to test on instead of an embedded one; its role must be allowed to create databases. */
const givenUrl = () => process.env['TEST_DATABASE_URL'];

/** Starts a PostgreSQL for all tests, with a migrated template; vitest calls what it returns at the end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = givenUrl();
  const server = given ? { url: given, stop: () => Promise.resolve() } : await temporaryServer();
  const template = `tasks_template_${randomUUID().replaceAll('-', '')}`;
  const tearDown = async () => {
    await dropDatabase(server.url, template).finally(() => server.stop());
  };
  try {
    await administer(server.url, `create database ${template}`);
    await migrate(databaseUrl(server.url, template), { info: () => undefined });
  } catch (error) {
    await tearDown();
    throw error;
  }
  project.provide('databaseUrl', server.url);
  project.provide('templateDatabase', template);
  return tearDown;
}

async function temporaryServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tasks-api-'));
  // Where the tests run as root, the server does not.
  await chmod(dataDir, 0o755);
  const server = await startEmbedded({ dataDir, log: () => undefined });
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true });
    },
  };
}
