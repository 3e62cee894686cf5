import { type Client, escapeIdentifier } from 'pg';
import { ConfigError } from '../errors/config-error.ts';
import { KEY_LIFETIME_HOURS } from '../idempotency/key-lifetime.ts';
import type { Logger } from '../telemetry/log.ts';
import { disconnect } from './connection/client.ts';
import { openClient } from './connection/open-client.ts';

/** The setting with the user of a statement. Empty for the statements of the service itself. */
const SETTING = 'tasks_api.user_id';
const user = `coalesce(current_setting('${SETTING}', true), '')`;

/** Sets the user of the transaction. It returns no row. */
export const setUser = {
  name: 'set_user',
  text: `select where set_config('${SETTING}', $1, true) is null`,
};

/** Whether row-level security applies to the role of a connection. It does not apply to the owner of the tables. */
export async function hasRowSecurity(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ active: boolean }>(
    `select coalesce(row_security_active(to_regclass('tasks')::oid), false) as active`,
  );
  return rows[0]?.active === true;
}

/** Rows of other users do not exist for a statement that has a user. */
const OWN_ROWS = `(user_id = ${user})`;
/** Pruning spans users; see `pruneIdempotencyKeys`. */
const EXPIRED_KEYS = `(${user} = '' and created_at < now() - interval '${KEY_LIFETIME_HOURS} hours')`;

const POLICIES = [
  { table: 'tasks', name: 'own_rows', command: 'all', condition: OWN_ROWS },
  { table: 'idempotency_keys', name: 'own_rows', command: 'all', condition: OWN_ROWS },
  { table: 'idempotency_keys', name: 'find_expired', command: 'select', condition: EXPIRED_KEYS },
  { table: 'idempotency_keys', name: 'prune_expired', command: 'delete', condition: EXPIRED_KEYS },
];

/**
 * Allows a role, which owns nothing, to run the service, and enables row-level security for it: PostgreSQL then hides the
 * tasks and idempotency keys of all users except that of the statement. Can be repeated.
 *
 * @param databaseUrl of the owner of the tables
 * @param log logs that it is done
 * @see https://www.postgresql.org/docs/current/ddl-rowsecurity.html
 * @throws {ConfigError} when the database is not reachable, or the role does not exist or is not subject to row-level security
 */
export async function secureRows(
  databaseUrl: string,
  role: string,
  log: Pick<Logger, 'info'>,
): Promise<void> {
  const client = await openClient(databaseUrl);
  try {
    await throwUnlessSuitable(client, role);
    await client.query(statements(await currentSchema(client), escapeIdentifier(role)));
  } finally {
    await disconnect(client);
  }
  log.info({ role }, 'row-level security is enabled');
}

async function throwUnlessSuitable(client: Client, role: string): Promise<void> {
  const { rows } = await client.query<{ bypasses: boolean }>(
    `select rolsuper or rolbypassrls or pg_has_role(rolname, tableowner, 'usage') as bypasses
      from pg_roles, pg_tables
      where rolname = $1 and schemaname = current_schema() and tablename = 'tasks'`,
    [role],
  );
  const fail = (reason: string) => new ConfigError(`DATABASE_SERVICE_ROLE: ${reason}`);
  const [found] = rows;
  if (!found) {
    throw fail(
      `role "${role}" does not exist; create it: create role ${escapeIdentifier(role)} login password '…'`,
    );
  }
  if (found.bypasses) {
    throw fail(
      `row-level security does not apply to role "${role}", which owns the tables or is a superuser; create another one`,
    );
  }
}

async function currentSchema(client: Client): Promise<string> {
  const { rows } = await client.query<{ schema: string }>('select current_schema() as schema');
  return escapeIdentifier(rows[0]?.schema ?? '');
}

/** One transaction. The locks on the tables are short. */
function statements(schema: string, role: string): string {
  const tables = 'users, tasks, idempotency_keys, token_revocations';
  const policies = POLICIES.map(
    ({ table, name, command, condition }) => `
      drop policy if exists ${name} on ${table};
      create policy ${name} on ${table} for ${command} using ${condition};`,
  );
  return `
    begin;
    set local lock_timeout = '5s';
    grant usage on schema ${schema} to ${role};
    grant select, insert, update, delete on ${tables} to ${role};
    grant select on pgmigrations to ${role};
    ${policies.join('')}
    alter table tasks enable row level security;
    alter table idempotency_keys enable row level security;
    commit;`;
}
