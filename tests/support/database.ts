import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { administer, databaseUrl, dropDatabase } from './server.ts';

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

interface Options {
  /** Without tables. */
  empty?: boolean;
}

/** A database of its own for a test file, with all migrations. Drop it at the end. */
export async function createTestDatabase({ empty = false }: Options = {}): Promise<TestDatabase> {
  const server = inject('databaseUrl');
  const name = `tasks_test_${randomUUID().replaceAll('-', '')}`;
  const template = empty ? 'template1' : inject('templateDatabase');
  await administer(server, `create database ${name} template ${template}`);
  return {
    url: databaseUrl(server, name),
    drop: () => dropDatabase(server, name),
  };
}
