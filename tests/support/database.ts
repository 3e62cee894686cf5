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
export function createTestDatabase({ empty = false }: Options = {}): Promise<TestDatabase> {
  return copyDatabase(inject('databaseUrl'), empty ? 'template1' : inject('templateDatabase'));
}

/** Creates a database on a server as a copy of another one. */
export async function copyDatabase(serverUrl: string, template: string): Promise<TestDatabase> {
  const name = `tasks_test_${randomUUID().replaceAll('-', '')}`;
  await administer(serverUrl, `create database ${name} template ${template}`);
  return {
    url: databaseUrl(serverUrl, name),
    drop: () => dropDatabase(serverUrl, name),
  };
}
