import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { secureRows } from '../../src/db/row-security.ts';
import { administer } from './server.ts';

/** With it, the services of all tests run as a role that is subject to row-level security. */
export const usesServiceRole = (process.env['TEST_ROW_SECURITY'] ?? '') !== '';

/**
 * Creates a role that is subject to row-level security.
 *
 * @param databaseUrl of the owner of the tables
 * @returns the URL of the database for the role
 */
export async function createServiceRole(databaseUrl: string) {
  const role = `tasks_service_${randomUUID().slice(0, 8)}`;
  await administer(databaseUrl, `create role ${role} login password 'secret'`);
  await secureRows(databaseUrl, role, { info: () => undefined });
  const url = new URL(databaseUrl);
  url.username = role;
  url.password = 'secret';
  return {
    url: url.href,
    role,
    /** Call it after the database has been dropped. */
    async drop() {
      await administer(inject('databaseUrl'), `drop role ${role}`);
    },
  };
}
