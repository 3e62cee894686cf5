import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { citusUrl, createCitusDatabase } from './citus.ts';
import { administer, databaseUrl, dropDatabase } from './server.ts';

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

interface Options {
  /** Creates no tables; by default, all migrations are applied. */
  empty?: boolean;
}

/** Creates a database for a test file, with all migrations applied. The file must drop it. */
export function createTestDatabase(options: Options = {}): Promise<TestDatabase> {
  return copyDatabase(inject('databaseUrl'), inject('templateDatabase'), options);
}

/** Creates a database as a copy of the template database of the test run, which has all migrations applied. */
export async function copyDatabase(
  serverUrl: string,
  template: string,
  { empty = false }: Options = {},
): Promise<TestDatabase> {
  // The name contains the id of the test run, which drops the databases that its workers leave behind.
  const name = `${template.replace('template', 'test')}_${randomUUID().slice(0, 8)}`;
  if (citusUrl !== undefined) return createCitusDatabase(name, empty);
  await administer(serverUrl, `create database ${name} template ${empty ? 'template1' : template}`);
  return {
    url: databaseUrl(serverUrl, name),
    drop: () => dropDatabase(serverUrl, name),
  };
}
