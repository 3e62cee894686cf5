import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { administer, databaseUrl, dropDatabase } from './server.ts';

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

interface Options {
  /** Without tables; by default, all migrations are applied. */
  empty?: boolean;
}

/** Creates a database for a test file, which has to drop it. */
export async function createTestDatabase({ empty = false }: Options = {}): Promise<TestDatabase> {
  const server = inject('databaseUrl');
  const migrated = inject('templateDatabase');
  // The id of the run is part of the name: the run drops what its workers leave behind.
  const name = `${migrated.replace('template', 'test')}_${randomUUID().slice(0, 8)}`;
  const template = empty ? 'template1' : migrated;
  await administer(server, `create database ${name} template ${template}`);
  return {
    url: databaseUrl(server, name),
    drop: () => dropDatabase(server, name),
  };
}
